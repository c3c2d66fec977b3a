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
    "admiration": "impressed",
    "amusement": "amused",
    "anger": "angry",
    "annoyance": "annoyed",
    "approval": "fine with it",
    "caring": "caring",
    "confusion": "unsure",
    "curiosity": "curious",
    "desire": "longing",
    "disappointment": "let down",
    "disapproval": "displeased",
    "disgust": "disgusted",
    "embarrassment": "embarrassed",
    "excitement": "excited",
    "fear": "afraid",
    "gratitude": "grateful",
    "grief": "grieving",
    "joy": "glad",
    "love": "affectionate",
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
"""How someone is who feels each of the 28 emotions, as people say it."""
_PLEASANT = {"admiration": (0.4, "glad"), "approval": (0.2, "content"), "desire": (0.2, "eager")}
_UNPLEASANT = {"caring": (-0.1, "concerned"), "surprise": (-0.1, "taken aback")}
"""The same in words that fit a valence of at least, or of at most, so much."""
_WARM = ("gratitude", "love", "caring")
_WITH = 0.1

_FADED = 0.35
_NEAR = 0.08
_QUADRANTS = {
    (True, True): "lively",
    (True, False): "at ease",
    (False, True): "tense",
    (False, False): "low",
}


def name_feeling(label: str, appraisal: Appraisal) -> str:
    """Return a word for one of the emotions in an appraisal, in the light of the rest of it."""
    if label == "admiration" and any(appraisal.emotions.get(w, 0.0) >= _WITH for w in _WARM):
        return "touched"
    valence = appraisal.affect.valence
    least, pleasant = _PLEASANT.get(label, (2.0, ""))
    most, unpleasant = _UNPLEASANT.get(label, (-2.0, ""))
    if valence >= least:
        return pleasant
    return unpleasant if valence <= most else ADJECTIVES[label]


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
    return (
        " and ".join(name_feeling(label, appraisal) for label in shown if label)
        or ADJECTIVES["neutral"]
    )


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
    change = "heavier" if trend.lasting is Direction.LOWER else "brighter"
    return f"{change} than usual for them these last days"


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
    words = dict.fromkeys(name_feeling(label, appraisal) for label in appraisal.labels)
    others = [word for word in words if word not in named]
    return f"; perhaps also {', '.join(others[:2])}" if others else ""
