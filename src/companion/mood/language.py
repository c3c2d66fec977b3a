"""Tells whether a message is English at all; of others we honestly know nothing."""

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from companion.mood.lexicon import languages, word_list

ENGLISH: Final = word_list("language_english")


def is_english(words: Sequence[str], known: Callable[[str], bool]) -> bool:
    """Whether words, as they were written in lower case, are English as far as we can tell."""
    if not words:
        return True
    if sum(map(_is_latin, words)) * 2 < len(words):
        return False
    english = sum(word in ENGLISH for word in words)
    unknown = sum(not (known(word) or word in ENGLISH) for word in words)
    foreign = max(sum(word in common for word in words) for common in languages().values())
    strange = sum(not word.isascii() for word in words)
    if foreign >= 2 and foreign > english:
        return False
    if foreign + unknown + strange > english + len(words) // 2 and len(words) > 1:
        return False
    return not (len(words) > 2 and english == 0 and unknown * 2 >= len(words))


@lru_cache(maxsize=4096)
def _is_latin(word: str) -> bool:
    letter = word[0]
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")
