"""Cuts words into the pieces that a BERT reads (WordPiece, Wu et al. 2016)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

BEGIN, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_PARTS: Final = re.compile(r"[^\W_]+|[^\w\s]|_")
_LONGEST: Final = 100


class WordPieces:
    """Knows the pieces of a vocabulary by their numbers; ``##ing`` goes on a word."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(pieces)}
        self.of_word = lru_cache(maxsize=1024)(self._of_word)

    def read(self, words: Iterable[str], most: int) -> list[int]:
        """Return the numbers of the pieces of words between two marks.

        Of more than ``most``, marks included, the middle is passed over.
        """
        found = [number for word in words for number in self.of_word(word)]
        room = most - 2
        if len(found) > room:
            found = [*found[: room // 2], *found[room // 2 - room :]]
        return [self._numbers[BEGIN], *found, self._numbers[END]]

    def _of_word(self, word: str) -> tuple[int, ...]:
        spelled = unicodedata.normalize("NFD", word.lower())
        plain = "".join(sign for sign in spelled if unicodedata.category(sign) != "Mn")
        return tuple(n for part in _PARTS.findall(plain) for n in self._cut(part))

    def _cut(self, part: str) -> Iterator[int]:
        """Yield the longest piece that a part begins with, and so on to its end."""
        found: list[int] = []
        start = 0
        while start < len(part):
            ahead = "##" if start else ""
            ends = range(len(part), start, -1) if len(part) <= _LONGEST else range(0)
            end = next((each for each in ends if ahead + part[start:each] in self._numbers), 0)
            if not end:
                yield self._numbers[UNKNOWN]
                return
            found.append(self._numbers[ahead + part[start:end]])
            start = end
        yield from found
