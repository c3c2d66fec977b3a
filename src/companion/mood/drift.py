"""How a mood fades: back to what is usual for this person, as real time passes.

After DynAffect (Kuppens, Oravecz & Tuerlinckx 2010): core affect is pulled back to a
home base of one's own. The strength of the pull differs between feelings: sadness stays
longest, fright and anger are soon over (Verduyn & Lavrijsen 2015, who found sadness
to last longest of 27 emotions). The half-lives below are our judgement within that order.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from companion.domain.mood import Affect, Appraisal, Mood, MoodEntry
from companion.mood.trend import Days, find_baseline, find_trend

HALF_LIFE_HOURS = {
    **dict.fromkeys(("grief",), 36.0),
    **dict.fromkeys(("sadness", "remorse", "disappointment", "love"), 18.0),
    **dict.fromkeys(("joy", "pride", "gratitude", "optimism", "relief", "caring"), 10.0),
    **dict.fromkeys(("nervousness", "embarrassment", "desire", "excitement"), 6.0),
    **dict.fromkeys(("anger", "annoyance", "fear", "disgust", "disapproval"), 4.0),
}
"""Hours in which half of a feeling has gone."""
USUAL_HALF_LIFE_HOURS = 5.0
MEMORY = timedelta(days=60)
"""How far back the mood is looked at."""
_GONE = 0.02
_NOTHING = Affect()


def weigh(appraisal: Appraisal) -> float:
    """Return how much an appraisal moves the mood: 0 not at all, 1 all the way.

    Confidence times a share that grows with intensity, from a third to the whole; an
    appraisal that is not known moves nothing.
    """
    if not appraisal.known:
        return 0.0
    return appraisal.confidence * (1 + 2 * appraisal.intensity) / 3


def half_life(appraisal: Appraisal) -> timedelta:
    """Return how long it takes until half of what was felt has gone."""
    hours = max(
        (HALF_LIFE_HOURS.get(label, USUAL_HALF_LIFE_HOURS) for label in appraisal.labels),
        default=USUAL_HALF_LIFE_HOURS,
    )
    return timedelta(hours=hours)


def remaining(elapsed: timedelta, half: timedelta) -> float:
    """Return how much of a feeling is left after ``elapsed``: half of it each half-life."""
    return float(2.0 ** -max(elapsed / half, 0.0))


def follow_mood(entries: Iterable[MoodEntry], now: datetime) -> Mood:
    """Return the mood at ``now`` after all ``entries``, which are in order of time.

    What lies after ``now`` is left out, so that a replay sees what was known then.
    """
    return course(entries, [now])[0]


def course(entries: Iterable[MoodEntry], moments: Sequence[datetime]) -> list[Mood]:
    """Return the mood at each of ``moments``, as ``follow_mood`` would.

    Entries and moments are in order of time, the moments all in the user's time zone.
    """
    kept = list(entries)
    days = Days(kept, moments[0].tzinfo if moments else None)
    coming = deque(entry for entry in kept if weigh(entry.appraisal) > 0.0)
    trail, moods = _Trail(), []
    for moment in moments:
        while coming and coming[0].at <= moment:
            trail.add(coming.popleft())
        moods.append(trail.look(moment, days))
    return moods


class Follower:
    """Follows entries from one moment to the next, each only once.

    Its moods are those of ``follow_mood``, to the last digit.
    """

    def __init__(self) -> None:
        self._begin(None)

    def _begin(self, zone: tzinfo | None) -> None:
        self._followed: list[MoodEntry] = []
        self._zone = zone
        self._trail, self._days = _Trail(), Days((), zone)

    def follow(self, entries: list[MoodEntry], now: datetime) -> Mood:
        """Return ``follow_mood`` of all ``entries``; those that it knows are not read again."""
        if entries and entries[-1].at > now:
            return follow_mood(entries, now)
        known = len(self._followed)
        if self._zone != now.tzinfo or self._followed != entries[:known]:
            self._begin(now.tzinfo)
            known = 0
        for entry in entries[known:]:
            self._followed.append(entry)
            self._days.add(entry)
            if weigh(entry.appraisal) > 0.0:
                self._trail.add(entry)
        return self._trail.look(now, self._days)


@dataclass(slots=True)
class _Trail:
    """What is left of all that was felt, apart from the baseline.

    The baseline changes with the moment from which one looks back. The mood is
    ``felt + (1 - weight) * baseline``, so that each entry is followed only once.
    """

    felt: Affect = _NOTHING
    weight: float = 0.0
    latest: MoodEntry | None = None

    def add(self, entry: MoodEntry) -> None:
        left, pull = self._left(entry.at), weigh(entry.appraisal)
        self.felt = _blend(_blend(_NOTHING, self.felt, left), entry.appraisal.affect, pull)
        self.weight = self.weight * left * (1 - pull) + pull
        self.latest = entry

    def look(self, moment: datetime, days: Days) -> Mood:
        baseline, left = find_baseline(days, moment), self._left(moment)
        home = 1 - self.weight
        affect = Affect(
            self.felt.valence + home * baseline.valence,
            self.felt.arousal + home * baseline.arousal,
            self.felt.dominance + home * baseline.dominance,
        )
        return Mood(
            at=moment,
            affect=_blend(baseline, affect, left),
            baseline=baseline,
            presence=left if left > _GONE else 0.0,
            trend=find_trend(days, baseline, moment),
            latest=self.latest,
        )

    def _left(self, moment: datetime) -> float:
        if self.latest is None:
            return 0.0
        return remaining(moment - self.latest.at, half_life(self.latest.appraisal))


def _blend(old: Affect, new: Affect, share: float) -> Affect:
    return Affect(
        old.valence + (new.valence - old.valence) * share,
        old.arousal + (new.arousal - old.arousal) * share,
        old.dominance + (new.dominance - old.dominance) * share,
    )
