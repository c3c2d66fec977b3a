"""What the classifier reads of a message: hashed n-grams of words and of letters."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final
from zlib import crc32

from companion.safety.reading import Reading

BUCKETS: Final = 1 << 15
"""How many numbers the n-grams are hashed to."""
IDIOM: Final = "_idiom_"
_LONGEST: Final = 400


def features(reading: Reading, idioms: Sequence[tuple[int, int]]) -> dict[int, tuple[int, int]]:
    """Return each n-gram's number, with the words from and to where it first stands.

    ``idioms`` are left out: their words would say what is not meant.
    """
    words = list(reading.words[:_LONGEST])
    for start, end in idioms:
        for at in range(start, min(end, len(words))):
            words[at] = IDIOM
    found: dict[int, tuple[int, int]] = {}
    for number, start, end in _grams(words):
        found.setdefault(number, (start, end))
    return found


def _grams(words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    for at, word in enumerate(words):
        for number in _letters(word):
            yield number, at, at + 1
        for size in (2, 3):
            if at + size <= len(words):
                yield _number(" ".join(words[at : at + size])), at, at + size
        if at + 2 < len(words):
            yield _number(f"{word} _ {words[at + 2]}"), at, at + 3


@lru_cache(maxsize=8192)
def _letters(word: str) -> tuple[int, ...]:
    inside = f"<{word}>"
    pieces = [inside[at : at + size] for size in (4, 5) for at in range(len(inside) - size + 1)]
    return tuple(map(_number, {word, *pieces}))


def _number(gram: str) -> int:
    return crc32(gram.encode("utf-8", "surrogatepass")) % BUCKETS
