"""What is usual for this person, and whether the mood has left it for longer.

The home base is the mean over days, each day counting once, drawn towards the middle
while little is known (a shrinkage estimate with a prior worth five days). A change lasts
if it holds on at least three of the last five days on which anything was said, all of them
within a week: a bad evening is not a trend.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from statistics import fmean, pstdev

from companion.domain.mood import Affect, Direction, MoodEntry, Trend

_Sums = tuple[float, float, float, float]

_USUAL_VALENCE = 0.1
"""People report slightly pleasant mood most of the time (Diener & Diener 1996)."""
_PRIOR_DAYS = 5.0
_BASELINE_DAYS = 60
_RECENT_DAYS = 7
_LOOK_AT_DAYS = 5
_LASTING_DAYS = 3
_LEAST_SPREAD = 0.2


class Days:
    """What was felt, by the days of the user's clock; ``entries`` are in order of time.

    Sums that run over all entries give the mean of any stretch without adding up anew.
    """

    def __init__(self, entries: Iterable[MoodEntry], zone: tzinfo | None) -> None:
        self._zone = zone
        self._times: list[datetime] = []
        self._sums: list[_Sums] = [(0.0, 0.0, 0.0, 0.0)]
        self._starts: list[int] = []
        self._latest: date | None = None
        for entry in entries:
            self.add(entry)

    def add(self, entry: MoodEntry) -> None:
        """Go on with an entry that is not earlier than those before."""
        if not (entry.appraisal.known and entry.appraisal.confidence):
            return
        day = entry.at.astimezone(self._zone).date()
        if day != self._latest:
            self._starts.append(len(self._times))
            self._latest = day
        self._times.append(entry.at)
        self._sums.append(_add(self._sums[-1], _weighed(entry)))

    def means(self, since: datetime, until: datetime) -> list[Affect]:
        """Return each day's mean affect from ``since`` to ``until``, weighted by confidence."""
        first, last = bisect_left(self._times, since), bisect_right(self._times, until)
        if first >= last:
            return []
        inner = self._starts[bisect_right(self._starts, first) : bisect_left(self._starts, last)]
        edges = [first, *inner, last]
        return [self._mean(begin, end) for begin, end in pairwise(edges)]

    def _mean(self, begin: int, end: int) -> Affect:
        low, high = self._sums[begin], self._sums[end]
        valence, arousal, dominance, total = (b - a for a, b in zip(low, high, strict=True))
        return Affect(valence / total, arousal / total, dominance / total)


def find_baseline(days: Days, now: datetime) -> Affect:
    """Return the person's usual affect over the last two months."""
    means = days.means(now - timedelta(days=_BASELINE_DAYS), now)
    count = len(means) + _PRIOR_DAYS
    return Affect(
        (sum(each.valence for each in means) + _PRIOR_DAYS * _USUAL_VALENCE) / count,
        sum(each.arousal for each in means) / count,
        sum(each.dominance for each in means) / count,
    )


def find_trend(days: Days, baseline: Affect, now: datetime) -> Trend:
    """Return how the last day, week and month differ from ``baseline`` in valence."""

    def differ(count: int) -> float | None:
        found = days.means(now - timedelta(days=count), now)
        return fmean(each.valence for each in found) - baseline.valence if found else None

    lasting, on_days = _find_lasting(days, baseline, now)
    return Trend(differ(1), differ(7), differ(30), lasting, on_days)


def _find_lasting(days: Days, baseline: Affect, now: datetime) -> tuple[Direction, int]:
    """Compare the last days with what was usual before them, in their spread."""
    begin = now - timedelta(days=_RECENT_DAYS)
    recent = days.means(begin, now)[-_LOOK_AT_DAYS:]
    usual = [each.valence for each in days.means(now - timedelta(days=_BASELINE_DAYS), begin)]
    home = fmean(usual) if len(usual) >= _PRIOR_DAYS else baseline.valence
    spread = max(pstdev(usual) if usual else 0.0, _LEAST_SPREAD)
    low = sum(1 for each in recent if each.valence - home < -spread)
    high = sum(1 for each in recent if each.valence - home > spread)
    for direction, count in ((Direction.LOWER, low), (Direction.HIGHER, high)):
        if count >= _LASTING_DAYS:
            return direction, count
    return Direction.USUAL, 0


def _weighed(entry: MoodEntry) -> _Sums:
    affect, sure = entry.appraisal.affect, entry.appraisal.confidence
    return affect.valence * sure, affect.arousal * sure, affect.dominance * sure, sure


def _add(one: _Sums, two: _Sums) -> _Sums:
    return one[0] + two[0], one[1] + two[1], one[2] + two[2], one[3] + two[3]
