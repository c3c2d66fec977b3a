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
from collections import deque
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files
from typing import Any, Final

from companion.safety.phrase_parts import (
    Choice,
    End,
    Gap,
    Needs,
    Part,
    Row,
    Shape,
    Word,
    Words,
    rarest,
)

_PART: Final = re.compile(r"<end>|\{\w+\}|[()\[\]|*]|[^\s()\[\]|*{}<>]+")
_PLAIN: Final = re.compile(r"[^\\~]+")


class Phrases:
    """Several phrases, ready to be looked for."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._kept = [parse(phrase) for phrase in phrases]

    @property
    def needed(self) -> Needs:
        """Words of which each text with one of the phrases holds one; None if there are none."""
        return rarest(self._kept)

    def search(
        self, words: Words, known: AbstractSet[str], start: int = 0, end: int | None = None
    ) -> Iterator[tuple[int, int]]:
        """Yield each place, as words from and to, where one of the phrases stands.

        ``known`` are the words as a set, with their beginnings (``kill~``).
        """
        within = words[:end]
        for phrase in self._kept:
            for need in phrase.needs:
                if need.isdisjoint(known):
                    break
            else:
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
    return Choice([parse(phrase) for phrase in read_data("lists")[name]])


def _choice(parts: deque[str], closing: str = "", optional: bool = False) -> Part:
    rows: list[list[Part]] = [[]]
    while parts and (part := parts.popleft()) != closing:
        if part == "|":
            rows.append([])
        else:
            rows[-1].append(_part(part, parts))
    found = [Row(row) if len(row) != 1 else row[0] for row in rows]
    return found[0] if len(found) == 1 and not optional else Choice(found, optional)


def _part(part: str, parts: deque[str]) -> Part:
    if part in ("(", "["):
        return _choice(parts, ")" if part == "(" else "]", part == "[")
    if part == "*":
        return Gap()
    if part == "<end>":
        return End()
    if part.startswith("{"):
        return _listed(part[1:-1])
    if _PLAIN.fullmatch(part):
        return Word(frozenset((part,)), part)
    beginning = (frozenset((part,)),) if re.fullmatch(r"\w+~", part) else ()
    return Shape(re.compile(part.replace("~", r"\S*").replace(r"\w+", r"[^.]\S*")), beginning)
