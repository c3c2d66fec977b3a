"""What is usual for this person, and whether the mood has left it for longer.

The home base is the mean over days, each day counting once, drawn towards the middle
while little is known (a shrinkage estimate with a prior worth five days). A change lasts
if it holds on at least three of the last five days on which anything was said, all of them
within a week: a bad evening is not a trend.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import fmean, pstdev

from companion.domain.mood import Affect, Direction, MoodEntry, Trend

_USUAL_VALENCE = 0.1
"""People report slightly pleasant mood most of the time (Diener & Diener 1996)."""
_PRIOR_DAYS = 5.0
_BASELINE_DAYS = 60
_RECENT_DAYS = 7
_LOOK_AT_DAYS = 5
_LASTING_DAYS = 3
_LEAST_SPREAD = 0.2


def find_baseline(entries: Sequence[MoodEntry], now: datetime) -> Affect:
    """Return the person's usual affect over the last two months."""
    days = _by_day(entries, now - timedelta(days=_BASELINE_DAYS), now)
    count = len(days) + _PRIOR_DAYS
    means = list(days.values())
    return Affect(
        (sum(each.valence for each in means) + _PRIOR_DAYS * _USUAL_VALENCE) / count,
        sum(each.arousal for each in means) / count,
        sum(each.dominance for each in means) / count,
    )


def find_trend(entries: Sequence[MoodEntry], baseline: Affect, now: datetime) -> Trend:
    """Return how the last day, week and month differ from ``baseline`` in valence."""

    def differ(days: int) -> float | None:
        found = _by_day(entries, now - timedelta(days=days), now)
        return fmean(each.valence for each in found.values()) - baseline.valence if found else None

    lasting, days = _find_lasting(entries, baseline, now)
    return Trend(differ(1), differ(7), differ(30), lasting, days)


def _find_lasting(
    entries: Sequence[MoodEntry], baseline: Affect, now: datetime
) -> tuple[Direction, int]:
    """Compare the last days with what was usual before them, in their spread."""
    begin = now - timedelta(days=_RECENT_DAYS)
    recent = list(_by_day(entries, begin, now).values())[-_LOOK_AT_DAYS:]
    before = _by_day(entries, now - timedelta(days=_BASELINE_DAYS), begin)
    usual = [each.valence for each in before.values()]
    home = fmean(usual) if len(usual) >= _PRIOR_DAYS else baseline.valence
    spread = max(pstdev(usual) if usual else 0.0, _LEAST_SPREAD)
    low = sum(1 for each in recent if each.valence - home < -spread)
    high = sum(1 for each in recent if each.valence - home > spread)
    for direction, count in ((Direction.LOWER, low), (Direction.HIGHER, high)):
        if count >= _LASTING_DAYS:
            return direction, count
    return Direction.USUAL, 0


def _by_day(entries: Iterable[MoodEntry], since: datetime, until: datetime) -> dict[date, Affect]:
    """Return each day's mean affect, weighted by confidence, in the time zone of ``until``."""
    days: dict[date, list[tuple[Affect, float]]] = defaultdict(list)
    for entry in entries:
        if since <= entry.at <= until and entry.appraisal.known and entry.appraisal.confidence:
            day = entry.at.astimezone(until.tzinfo).date()
            days[day].append((entry.appraisal.affect, entry.appraisal.confidence))
    return {day: _mean(weighed) for day, weighed in days.items()}


def _mean(weighed: list[tuple[Affect, float]]) -> Affect:
    total = sum(weight for _, weight in weighed)
    return Affect(
        sum(affect.valence * weight for affect, weight in weighed) / total,
        sum(affect.arousal * weight for affect, weight in weighed) / total,
        sum(affect.dominance * weight for affect, weight in weighed) / total,
    )
