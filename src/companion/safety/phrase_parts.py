"""The parts of a phrase, and where each may end when it begins at a word."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

STOP: Final = "."
"""The word that stands for the end of a sentence."""
_GAP: Final = 3
_BARRIERS: Final = frozenset((STOP, "not", "never"))
_WORDS: Final = """
    i am is are was be been the a an to of in on at for with and or but not no do did have
    has had it that this my me you he she they him her them we would will can could so all
    just if when as up out from about what how who get got go going want like one time now
    then there
"""
_COMMON: Final = frozenset(_WORDS.split())
_OFTEN: Final = 40
Words = Sequence[str]
Needs = frozenset[str] | None


class Part(Protocol):
    """A part of a phrase: a word, a choice, a gap."""

    @property
    def first(self) -> Needs:
        """The words it begins with; None where they cannot be named."""
        ...

    @property
    def needs(self) -> Sequence[frozenset[str]]:
        """Sets of words, of each of which it holds one: the rarest first."""
        ...

    @property
    def optional(self) -> bool:
        """Whether it may be nothing."""
        ...

    def ends(self, words: Words, at: int) -> Iterable[int]:
        """Return where it may end when it begins at a word."""
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """One word."""

    first: frozenset[str]
    text: str
    optional: bool = False

    @property
    def needs(self) -> Sequence[frozenset[str]]:
        """The word itself."""
        return (self.first,)

    def ends(self, words: Words, at: int) -> Iterable[int]:
        """Return where it may end when it begins at a word."""
        return (at + 1,) if at < len(words) and words[at] == self.text else ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A word of a shape: an ending, a number."""

    shape: re.Pattern[str]
    needs: Sequence[frozenset[str]]
    first: Needs = None
    optional: bool = False

    def ends(self, words: Words, at: int) -> Iterable[int]:
        """Return where it may end when it begins at a word."""
        return (at + 1,) if at < len(words) and self.shape.fullmatch(words[at]) else ()


class Gap:
    """Up to three words, none of which turns the meaning."""

    first: Needs = None
    needs: Sequence[frozenset[str]] = ()
    optional: bool = True

    def ends(self, words: Words, at: int) -> Iterable[int]:
        """Return where it may end when it begins at a word."""
        last = at
        while last < min(at + _GAP, len(words)) and words[last] not in _BARRIERS:
            last += 1
        return range(at, last + 1)


class End:
    """The end of a sentence, which takes no word."""

    first: Needs = None
    needs: Sequence[frozenset[str]] = ()
    optional: bool = False

    def ends(self, words: Words, at: int) -> Iterable[int]:
        """Return where it may end when it begins at a word."""
        return (at,) if at >= len(words) or words[at] == STOP else ()


class Row:
    """Parts that follow each other."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = tuple(parts)
        self.first = _first(self._parts)
        needs = (need for part in parts if not part.optional for need in part.needs)
        self.needs = sorted(needs, key=_weight)
        self.optional = all(part.optional for part in parts)

    def ends(self, words: Words, at: int) -> Iterable[int]:
        """Return where it may end when it begins at a word."""
        reached: Iterable[int] = (at,)
        for part in self._parts:
            reached = {end for place in reached for end in part.ends(words, place)}
            if not reached:
                break
        return reached


class Choice:
    """One of several parts, or, where that is optional, nothing."""

    def __init__(self, rows: Sequence[Part], optional: bool = False) -> None:
        self.optional = optional or any(row.optional for row in rows)
        self.first = _together(row.first for row in rows)
        needed = rarest(rows)
        self.needs = () if needed is None else (needed,)
        self._by_word: defaultdict[str, list[Part]] = defaultdict(list)
        self._others = [row for row in rows if row.first is None or row.optional]
        for row in rows:
            for word in row.first or () if not row.optional else ():
                self._by_word[word].append(row)

    def ends(self, words: Words, at: int) -> Iterable[int]:
        """Return where it may end when it begins at a word."""
        likely = self._by_word.get(words[at], ()) if at < len(words) else ()
        reached = {end for row in (*likely, *self._others) for end in row.ends(words, at)}
        if self.optional:
            reached.add(at)
        return reached


def rarest(parts: Iterable[Part]) -> Needs:
    """Return words of which a text with one of the parts holds one, or None."""
    return _together(part.needs[0] if part.needs else None for part in parts)


def _first(parts: Sequence[Part]) -> Needs:
    found: frozenset[str] = frozenset()
    for part in parts:
        if part.first is None:
            return None
        found |= part.first
        if not part.optional:
            return found
    return None


def _together(each: Iterable[Needs]) -> Needs:
    found: frozenset[str] = frozenset()
    for one in each:
        if one is None:
            return None
        found |= one
    return found


def _weight(words: frozenset[str]) -> int:
    return sum(_OFTEN if word in _COMMON else 1 for word in words)
