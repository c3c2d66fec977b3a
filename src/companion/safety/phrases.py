r"""The small language in which the rules are written, and how it is looked for.

A phrase is words as they are read (lower case, short forms written out). Beside words:

    (a|b)    one of these
    [a|b]    one of these, or nothing
    {name}   one of a list of ``lists.toml``
    *        up to three words, within the sentence, none of them "not" or "never"
    <end>    the sentence ends here
    ~        at the end of a word: any ending
    \w+ \d+  any word, any number

Phrases follow all ways at once instead of trying one after the other, so that no text
takes long; and they are read in a moment, which regular expressions of this size are not.
"""

import re
import tomllib
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Protocol

STOP: Final = "."
"""The word that stands for the end of a sentence."""
_GAP: Final = 3
_BARRIERS: Final = frozenset((STOP, "not", "never"))
_PART: Final = re.compile(r"<end>|\{\w+\}|[()\[\]|*]|[^\s()\[\]|*{}<>]+")
_PLAIN: Final = re.compile(r"[^\\~]+")
_COMMON: Final = frozenset((
    "i", "am", "is", "are", "was", "be", "been", "the", "a", "an", "to", "of", "in", "on", "at",
    "for", "with", "and", "or", "but", "not", "no", "do", "did", "have", "has", "had", "it",
    "that", "this", "my", "me", "you", "he", "she", "they", "him", "her", "them", "we", "would",
    "will", "can", "could", "so", "all", "just", "if", "when", "as", "up", "out", "from", "about",
    "what", "how", "who", "get", "got", "go", "going", "want", "like", "one", "time", "now",
    "then", "there",
))  # fmt: skip
_OFTEN: Final = 40
Words = Sequence[str]
Needs = frozenset[str] | None


class Part(Protocol):
    """A part of a phrase: a word, a choice, a gap. Words that cannot be named are None."""

    @property
    def first(self) -> Needs:
        """The words it begins with."""
        ...

    @property
    def needed(self) -> Needs:
        """Words of which it holds one."""
        ...

    @property
    def optional(self) -> bool:
        """Whether it may be nothing."""
        ...

    def ends(self, words: Words, at: int) -> Iterable[int]:
        """Return where it may end when it begins at a word."""
        ...


@dataclass(frozen=True, slots=True)
class _Word:
    first: frozenset[str]
    text: str
    optional: bool = False

    @property
    def needed(self) -> Needs:
        return self.first

    def ends(self, words: Words, at: int) -> Iterable[int]:
        return (at + 1,) if at < len(words) and words[at] == self.text else ()


@dataclass(frozen=True, slots=True)
class _Shape:
    shape: re.Pattern[str]
    needed: Needs
    first: Needs = None
    optional: bool = False

    def ends(self, words: Words, at: int) -> Iterable[int]:
        return (at + 1,) if at < len(words) and self.shape.fullmatch(words[at]) else ()


class _Gap:
    first: Needs = None
    needed: Needs = None
    optional: bool = True

    def ends(self, words: Words, at: int) -> Iterable[int]:
        last = at
        while last < min(at + _GAP, len(words)) and words[last] not in _BARRIERS:
            last += 1
        return range(at, last + 1)


class _End:
    first: Needs = None
    needed: Needs = None
    optional: bool = False

    def ends(self, words: Words, at: int) -> Iterable[int]:
        return (at,) if at >= len(words) or words[at] == STOP else ()


class _Row:
    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = tuple(parts)
        self.first = _first(self._parts)
        self.needed = min(
            (part.needed for part in parts if part.needed is not None and not part.optional),
            key=_weight,
            default=None,
        )
        self.optional = all(part.optional for part in parts)

    def ends(self, words: Words, at: int) -> Iterable[int]:
        reached: Iterable[int] = (at,)
        for part in self._parts:
            reached = {end for place in reached for end in part.ends(words, place)}
            if not reached:
                break
        return reached


class _Choice:
    def __init__(self, rows: Sequence[Part], optional: bool = False) -> None:
        self.optional = optional or any(row.optional for row in rows)
        self.first = _together(row.first for row in rows)
        self.needed = _together(row.needed for row in rows)
        self._by_word: defaultdict[str, list[Part]] = defaultdict(list)
        self._others = [row for row in rows if row.first is None or row.optional]
        for row in rows:
            for word in row.first or () if not row.optional else ():
                self._by_word[word].append(row)

    def ends(self, words: Words, at: int) -> Iterable[int]:
        likely = self._by_word.get(words[at], ()) if at < len(words) else ()
        reached = {end for row in (*likely, *self._others) for end in row.ends(words, at)}
        if self.optional:
            reached.add(at)
        return reached


class Phrases:
    """Several phrases, ready to be looked for."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._kept = [parse(phrase) for phrase in phrases]

    def search(
        self, words: Words, known: AbstractSet[str], start: int = 0, end: int | None = None
    ) -> Iterator[tuple[int, int]]:
        """Yield each place, as words from and to, where one of the phrases stands.

        ``known`` are the words as a set, with their beginnings (``kill~``).
        """
        within = words[:end]
        for phrase in self._kept:
            if phrase.needed is None or not phrase.needed.isdisjoint(known):
                yield from _places(phrase, within, start)


def _places(phrase: Part, words: Words, start: int) -> Iterator[tuple[int, int]]:
    first = phrase.first
    for at in range(start, len(words)):
        if first is None or words[at] in first:
            last = max(phrase.ends(words, at), default=at)
            if last > at:
                yield at, last


@cache
def read_data(name: str) -> dict[str, Any]:
    """Return a file of the ``data`` folder."""
    text = files("companion.safety").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def parse(phrase: str) -> Part:
    """Return a phrase, read. Raises ``KeyError`` for a list that there is not."""
    return _choice(deque(_PART.findall(phrase)))


@cache
def _listed(name: str) -> Part:
    return _Choice([parse(phrase) for phrase in read_data("lists")[name]])


def _choice(parts: deque[str], closing: str = "", optional: bool = False) -> Part:
    rows: list[list[Part]] = [[]]
    while parts and (part := parts.popleft()) != closing:
        if part == "|":
            rows.append([])
        else:
            rows[-1].append(_part(part, parts))
    found = [_Row(row) if len(row) != 1 else row[0] for row in rows]
    return found[0] if len(found) == 1 and not optional else _Choice(found, optional)


def _part(part: str, parts: deque[str]) -> Part:
    if part in ("(", "["):
        return _choice(parts, ")" if part == "(" else "]", part == "[")
    if part == "*":
        return _Gap()
    if part == "<end>":
        return _End()
    if part.startswith("{"):
        return _listed(part[1:-1])
    if _PLAIN.fullmatch(part):
        return _Word(frozenset((part,)), part)
    beginning = frozenset((part,)) if re.fullmatch(r"\w+~", part) else None
    return _Shape(re.compile(part.replace("~", r"\S*").replace(r"\w+", r"[^.]\S*")), beginning)


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
