"""How strongly a feeling is said: from its arousal and from how it is written."""

import re
from collections.abc import Sequence
from typing import Final

from companion.domain.mood import NEGATIVE, POSITIVE, Affect

_MORE: Final = re.compile(
    r"\b(?:so|very|really|extremely|incredibly|absolutely|completely|totally|utterly|terribly"
    r"|deeply|dreadfully|enormously|immensely|fucking|freaking|bloody|insanely|never been so|too"
    r"|all|desperately|furiously|super|beyond)\b"
)
_LESS: Final = re.compile(
    r"\b(?:a bit|a little|slightly|somewhat|kind of|kinda|sort of|a tad|mildly|fairly|i guess)\b"
)
_STRETCHED: Final = re.compile(r"([a-z])\1{2,}", re.IGNORECASE)


def intensity(text: str, plain: str, labels: Sequence[str], affect: Affect, surest: float) -> float:
    """Return from 0 to 1 how strong the feeling is."""
    if (POSITIVE | NEGATIVE).isdisjoint(labels):
        base = 0.15 + 0.15 * max(affect.arousal, 0)
    else:
        base = 0.3 + 0.25 * surest + 0.25 * max(affect.arousal, 0) + 0.15 * abs(affect.valence)
    base += 0.12 * bool(_MORE.search(plain)) - 0.15 * bool(_LESS.search(plain))
    base += 0.05 * min(text.count("!"), 3) + 0.08 * bool(_STRETCHED.search(text))
    return round(max(0.0, min(1.0, base + 0.08 * is_shouted(text))), 3)


def is_shouted(text: str) -> bool:
    """Whether most of the words are in capitals."""
    letters = [letter for letter in text[:2000] if letter.isalpha()]
    return len(letters) > 5 and sum(map(str.isupper, letters)) > 0.7 * len(letters)
