"""Which of a few kinds of mood somebody was in."""

import re
from collections.abc import Sequence
from datetime import timedelta

from companion.domain.mood import (
    NEGATIVE,
    POSITIVE,
    Appraisal,
    MoodEntry,
    MoodFamily,
    Sentiment,
    Source,
)
from companion.mood.drift import weigh

_TENSE = frozenset(("fear", "nervousness"))
_ANGRY = frozenset(("anger", "annoyance", "disgust", "disapproval"))
_NEWS = frozenset(("joy", "pride", "excitement", "relief"))
_TIRED = re.compile(r"\b(?:tired|exhaust|worn out|drained|burn(?:ed|t) out|wiped)", re.IGNORECASE)
_ONE_TALK = timedelta(hours=12)
_NOTABLE = 0.3
_WORN = (-0.1, -0.2)
_CERTAIN, _CLEAR = 0.5, 0.2


def find_family(appraisal: Appraisal) -> MoodFamily | None:
    """Return the kind of mood of an appraisal, or ``None`` if it is none of them."""
    top = next((name for name in appraisal.labels if name in POSITIVE | NEGATIVE), "")
    if top == "grief":
        return MoodFamily.GRIEF
    if top in _TENSE:
        return MoodFamily.TENSE
    if top in _ANGRY:
        return MoodFamily.ANGRY
    if top in POSITIVE:
        return MoodFamily.GLAD if top in _NEWS and appraisal.affect.valence > 0 else None
    if top and any(_TIRED.search(piece) for piece in appraisal.evidence):
        return MoodFamily.WORN
    if appraisal.word and not top:
        valence, arousal = appraisal.affect.valence, appraisal.affect.arousal
        return MoodFamily.WORN if valence < _WORN[0] and arousal < _WORN[1] else None
    return MoodFamily.LOW if top else None


def find_lasting_impression(entries: Sequence[MoodEntry]) -> MoodEntry | None:
    """Return what weighed most in the last talk; nothing if nothing in it did.

    The last word of a talk is "good night" more often than what it was about.
    """
    if not entries:
        return None
    last = entries[-1].at
    talk = [entry for entry in entries if last - entry.at <= _ONE_TALK]
    heavy = [entry for entry in talk if find_family(entry.appraisal)]
    best = max(heavy, key=lambda entry: weigh(entry.appraisal), default=None)
    return best if best and weigh(best.appraisal) >= _NOTABLE else None


def find_counting(entries: Sequence[MoodEntry]) -> MoodEntry:
    """Return which of all appraisals of one message counts: the user's own, else the last."""
    said = [entry for entry in entries if entry.source is Source.USER]
    return (said or entries)[-1]


def may_rejoice(entries: Sequence[MoodEntry]) -> bool:
    """Return whether joy may be a fitting answer: not to what is sad, nor plainly neutral."""
    if not entries:
        return True
    appraisal = find_counting(entries).appraisal
    neutral = appraisal.sentiment is Sentiment.NEUTRAL and appraisal.confidence >= _CERTAIN
    return not neutral and appraisal.sentiment is not Sentiment.NEGATIVE


def find_direction(entries: Sequence[MoodEntry]) -> Sentiment:
    """Return whether a message brings good news or bad, where that is certain.

    ``entries`` are all appraisals of it; ``UNKNOWN`` where a reply may well go either way.
    """
    if not entries:
        return Sentiment.UNKNOWN
    appraisal = find_counting(entries).appraisal
    certain = appraisal.confidence >= _CERTAIN and abs(appraisal.affect.valence) >= _CLEAR
    fitting = (appraisal.affect.valence > 0) == (appraisal.sentiment is Sentiment.POSITIVE)
    sure = appraisal.sentiment in (Sentiment.POSITIVE, Sentiment.NEGATIVE)
    return appraisal.sentiment if certain and fitting and sure else Sentiment.UNKNOWN
