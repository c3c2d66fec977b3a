"""Mood in words: with how sure it is, how strong, and where it is going.

Never as a single certainty: what the model reads says "seems", and how sure that is.
"""

from companion.domain.mood import (
    NEGATIVE,
    POSITIVE,
    Appraisal,
    Direction,
    Mood,
    Sentiment,
)

ADJECTIVES = {
    "admiration": "full of admiration",
    "amusement": "amused",
    "anger": "angry",
    "annoyance": "annoyed",
    "approval": "content",
    "caring": "caring",
    "confusion": "unsure",
    "curiosity": "curious",
    "desire": "longing",
    "disappointment": "let down",
    "disapproval": "critical",
    "disgust": "disgusted",
    "embarrassment": "ashamed",
    "excitement": "excited",
    "fear": "afraid",
    "gratitude": "grateful",
    "grief": "grieving",
    "joy": "glad",
    "love": "loving",
    "nervousness": "anxious",
    "optimism": "hopeful",
    "pride": "proud",
    "realization": "thoughtful",
    "relief": "relieved",
    "remorse": "sorry",
    "sadness": "sad",
    "surprise": "surprised",
    "neutral": "even",
}
"""How someone is who feels each of the 28 emotions."""

_FADED = 0.35
_NEAR = 0.08
_QUADRANTS = {
    (True, True): "lively",
    (True, False): "at ease",
    (False, True): "tense",
    (False, False): "low",
}


def name_appraisal(appraisal: Appraisal) -> str:
    """Return one or two words for an appraisal: ``sad``, ``glad and proud``, ``tired``."""
    if appraisal.word:
        return appraisal.word
    if not appraisal.known:
        return "not clear"
    felt = [label for label in appraisal.labels if label != "neutral"]
    up = next((label for label in felt if label in POSITIVE), None)
    down = next((label for label in felt if label in NEGATIVE), None)
    shown = [up, down] if up and down else felt[:1]
    return " and ".join(ADJECTIVES[label] for label in shown if label) or ADJECTIVES["neutral"]


def name_mood(mood: Mood) -> str:
    """Return one or two words for a mood as it is now, faded by the time since."""
    if mood.latest is None:
        return "not known yet"
    if mood.presence >= _FADED:
        return name_appraisal(mood.latest.appraisal)
    valence = mood.affect.valence - mood.baseline.valence
    arousal = mood.affect.arousal - mood.baseline.arousal
    if max(abs(valence), abs(arousal)) < _NEAR:
        return "as usual"
    return "a little " + _QUADRANTS[valence >= 0, arousal >= 0]


def describe_trend(mood: Mood) -> str:
    """Return what has lasted, in words, or nothing."""
    trend = mood.trend
    if trend.lasting is Direction.USUAL:
        return ""
    return f"{trend.lasting.value} than usual for them these last days"


def describe_for_model(appraisal: Appraisal, mood: Mood, *, brief: bool) -> str:
    """Return what the model is told about the mood behind one message, if anything.

    ``brief`` is for small models: one clause. A calm, certain *neutral* is not told:
    there is nothing to do about it.
    """
    if appraisal.sentiment is Sentiment.UNKNOWN:
        return ""
    trend = describe_trend(mood)
    if appraisal.sentiment is Sentiment.NEUTRAL and not appraisal.word and not trend:
        return ""
    if appraisal.word:
        told = f"They say they are {appraisal.word}"
    elif brief:
        # Told of a guess, a small model takes it for the truth.
        sure = appraisal.confidence >= _LEAST_SURE
        told = f"They seem {_describe_strength(appraisal)}" if sure else ""
    else:
        how_sure = f"{_describe_confidence(appraisal.confidence)}{_also(appraisal)}"
        told = f"They seem {_describe_strength(appraisal)} ({how_sure})"
    parts = "; ".join(filter(None, (told, trend)))
    return f"{parts[0].upper()}{parts[1:]}." if parts else ""


_LEAST_SURE = 0.5
_SURE = ((0.75, "quite sure"), (0.5, "fairly sure"), (0.0, "only a guess"))
_STRONG = ((0.7, "very "), (0.35, ""), (0.0, "a little "))


def _describe_confidence(confidence: float) -> str:
    return next(words for least, words in _SURE if confidence >= least)


def _describe_strength(appraisal: Appraisal) -> str:
    strength = next(words for least, words in _STRONG if appraisal.intensity >= least)
    return strength + name_appraisal(appraisal)


def _also(appraisal: Appraisal) -> str:
    named = name_appraisal(appraisal)
    others = [ADJECTIVES[label] for label in appraisal.labels if ADJECTIVES[label] not in named]
    return f"; perhaps also {', '.join(others[:2])}" if others else ""
