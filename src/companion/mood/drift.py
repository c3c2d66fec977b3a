"""How a mood fades: back to what is usual for this person, as real time passes.

After DynAffect (Kuppens, Oravecz & Tuerlinckx 2010): core affect is pulled back to a
home base of one's own. The strength of the pull differs between feelings: sadness stays
longest, fright and anger are soon over (Verduyn & Lavrijsen 2015, who found sadness
to last longest of 27 emotions). The half-lives below are our judgement within that order.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from companion.domain.mood import Affect, Appraisal, Mood, MoodEntry
from companion.mood.trend import find_baseline, find_trend

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


def fade(affect: Affect, baseline: Affect, elapsed: timedelta, half: timedelta) -> Affect:
    """Return ``affect`` after ``elapsed``: half as far from ``baseline`` each half-life."""
    return _blend(baseline, affect, _remaining(elapsed, half))


def follow_mood(entries: Sequence[MoodEntry], now: datetime) -> Mood:
    """Return the mood at ``now`` after all ``entries``, which are in order of time.

    What lies after ``now`` is left out, so that a replay sees what was known then.
    """
    entries = [entry for entry in entries if entry.at <= now]
    baseline = find_baseline(entries, now)
    affect, at, half = baseline, now, timedelta(hours=USUAL_HALF_LIFE_HOURS)
    for entry in entries:
        if weigh(entry.appraisal) == 0.0:
            continue
        before = fade(affect, baseline, max(entry.at - at, timedelta()), half)
        affect = _blend(before, entry.appraisal.affect, weigh(entry.appraisal))
        at, half = entry.at, half_life(entry.appraisal)
    felt = [entry for entry in entries if weigh(entry.appraisal) > 0.0]
    presence = _remaining(now - at, half) if felt else 0.0
    return Mood(
        at=now,
        affect=fade(affect, baseline, now - at, half),
        baseline=baseline,
        presence=presence if presence > _GONE else 0.0,
        trend=find_trend(entries, baseline, now),
        latest=felt[-1] if felt else None,
    )


def course(entries: Iterable[MoodEntry], moments: Iterable[datetime]) -> list[Mood]:
    """Return the mood at each of ``moments``, for drawing it."""
    kept = list(entries)
    return [follow_mood(kept, moment) for moment in moments]


def _remaining(elapsed: timedelta, half: timedelta) -> float:
    return float(2.0 ** -max(elapsed / half, 0.0))


def _blend(old: Affect, new: Affect, share: float) -> Affect:
    return Affect(
        old.valence + (new.valence - old.valence) * share,
        old.arousal + (new.arousal - old.arousal) * share,
        old.dominance + (new.dominance - old.dominance) * share,
    )
