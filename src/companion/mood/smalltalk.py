"""Keeps questions, news of other people and small talk neutral."""

import re
from collections.abc import Mapping
from typing import Final

from companion.domain.mood import NEGATIVE, POSITIVE
from companion.mood.plain import Plain

_QUESTION: Final = re.compile(
    r"^(?:hey |hi |so |ok |and |but )*(?:(?:what|which|where|when|who|whose|how|why)\b"
    r"|(?:is|are|do|does|did|can|could|would|will|should|has|have|was|were|shall|may)"
    r" (?:you|it|he|she|they|i|we|the|a|an|that|this|there|anyone|any|some|your|[a-z]+s)\b)"
)
_MINE: Final = re.compile(r"\b(?:i|me|my|we|us|myself)\b")
LESS: Final = 0.55
OTHERS: Final = 0.25


def quieter(emotions: Mapping[str, float], plain: Plain, *, others: bool) -> dict[str, float]:
    """Return the emotions, less sure where nothing is said of the writer's own."""
    asked = bool(_QUESTION.match(plain.text)) and not _MINE.search(plain.text)
    if not (asked or others):
        return dict(emotions)
    felt, less = POSITIVE | NEGATIVE, OTHERS if others else LESS
    return {name: value * less if name in felt else value for name, value in emotions.items()}
