"""How someone feels, as the program judges it and as they say it themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EMOTIONS = (
    *("admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion"),
    *("curiosity", "desire", "disappointment", "disapproval", "disgust", "embarrassment"),
    *("excitement", "fear", "gratitude", "grief", "joy", "love", "nervousness", "optimism"),
    *("pride", "realization", "relief", "remorse", "sadness", "surprise", "neutral"),
)
"""The 28 labels of GoEmotions (Demszky et al. 2020), in its order."""

POSITIVE = frozenset(
    (
        *("admiration", "amusement", "approval", "caring", "desire", "excitement"),
        *("gratitude", "joy", "love", "optimism", "pride", "relief"),
    )
)
NEGATIVE = frozenset(
    (
        *("anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment"),
        *("fear", "grief", "nervousness", "remorse", "sadness"),
    )
)
AMBIGUOUS = frozenset(("confusion", "curiosity", "realization", "surprise"))
"""The sentiment groups of GoEmotions; ``neutral`` is in none of them."""


class Sentiment(StrEnum):
    """The direction of a feeling."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    MIXED = "mixed"
    NEUTRAL = "neutral"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Who judged: the mood model, a language model, or the user about themselves."""

    MODEL = "model"
    LLM = "llm"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Affect:
    """Core affect (Russell 1980): each from -1 to 1, 0 is neither.

    ``valence`` runs from unpleasant to pleasant, ``arousal`` from calm to stirred up,
    ``dominance`` from at the mercy of things to in control.
    """

    valence: float = 0.0
    arousal: float = 0.0
    dominance: float = 0.0


@dataclass(frozen=True, slots=True)
class Appraisal:
    """How the writer of one message feels, as far as the message shows it.

    ``emotions`` maps each of ``EMOTIONS`` to a probability, ``labels`` are those above
    their thresholds, strongest first. ``intensity`` and ``confidence`` run from 0 to 1.
    ``evidence`` are the pieces of the message that it was seen from, letter for letter.
    ``known`` is false where it cannot be judged: another language, no words at all.
    ``word`` is the user's own, where they said themselves how they feel.
    """

    emotions: Mapping[str, float]
    labels: tuple[str, ...]
    affect: Affect
    intensity: float
    confidence: float
    evidence: tuple[str, ...] = ()
    known: bool = True
    word: str = ""

    @property
    def sentiment(self) -> Sentiment:
        """The direction of the labels; ``MIXED`` where they point both ways."""
        if not self.known:
            return Sentiment.UNKNOWN
        up, down = not POSITIVE.isdisjoint(self.labels), not NEGATIVE.isdisjoint(self.labels)
        if up and down:
            return Sentiment.MIXED
        if up or down:
            return Sentiment.POSITIVE if up else Sentiment.NEGATIVE
        return Sentiment.NEUTRAL


@dataclass(frozen=True, slots=True)
class MoodEntry:
    """An appraisal as it is kept.

    It belongs to a message of the user or to an entry of their journal; ``text`` is what
    they wrote there. ``id`` is the appraisal's own number.
    """

    id: int
    at: datetime
    source: Source
    appraisal: Appraisal
    text: str
    message_id: int | None = None
    conversation_id: int | None = None
    journal_id: int | None = None


class Direction(StrEnum):
    """Where a mood stands against what is usual for this person."""

    LOWER = "lower"
    USUAL = "usual"
    HIGHER = "higher"


@dataclass(frozen=True, slots=True)
class Trend:
    """Mean valence of the last day, week and month less the person's baseline.

    ``None`` where there was nothing to judge. ``lasting`` is where the mood has been on
    most of the recent days, ``days`` on how many of them.
    """

    day: float | None = None
    week: float | None = None
    month: float | None = None
    lasting: Direction = Direction.USUAL
    days: int = 0


@dataclass(frozen=True, slots=True)
class Mood:
    """How the user is now: what was felt, faded by the time since then.

    ``affect`` lies between the last appraisals and ``baseline``, what is usual for this
    person. ``presence`` (0 to 1) is how much of what was last felt is still there.
    ``latest`` is the last entry that counts, ``None`` before there is any.
    """

    at: datetime
    affect: Affect
    baseline: Affect
    presence: float = 0.0
    trend: Trend = Trend()
    latest: MoodEntry | None = None


class MoodFamily(StrEnum):
    """A few kinds of mood that call for different first words."""

    GRIEF = "grief"
    LOW = "low"
    WORN = "worn"
    TENSE = "tense"
    ANGRY = "angry"
    GLAD = "glad"
