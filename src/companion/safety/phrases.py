"""The small language in which the rules are written, and how it is read.

A phrase is words as they are read (lower case, short forms written out). Beside words:

    (a|b)    one of these
    [a|b]    one of these, or nothing
    {name}   one of a list of ``lists.toml``
    *        up to three words, within the sentence
    <end>    the sentence ends here
    ~        at the end of a word: any ending
    \\w+      any word; within a word, regular expressions are understood
"""

import re
import sys
import tomllib
from collections import deque
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files
from typing import Any, Final

_SIGNS: Final = {
    "(": "(?:",
    "[": "(?:",
    "]": ")?",
    ")": ")",
    "|": "|",
    "*": "(?: [^ .]+){0,3}",
    "<end>": r"(?= \.| ?$)",
}
_PLAIN: Final = re.compile(r"[\w']+~?")
_COMMON: Final = frozenset(
    "i am is are was be been the a an to of in on at for with and or but not no do did have has had "
    "it that this my me you he she they him her them we would will can could so all just if when "
    "as up out from about what how who get got go going want like one time now then there".split()
)
_OFTEN: Final = 40
_PART: Final = re.compile(r"<end>|\{\w+\}|[()\[\]|*]|[^\s()\[\]|*{}<>]+")


@cache
def read_data(name: str) -> dict[str, Any]:
    """Return a file of the ``data`` folder."""
    text = files("companion.safety").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def expression(phrase: str) -> str:
    """Return a phrase as a regular expression. Raises ``KeyError`` for an unknown list.

    Every word brings the space before it, so that what may be left out leaves no gap.
    """
    return "".join(map(_part, _PART.findall(phrase)))


def _part(part: str) -> str:
    if part.startswith("{"):
        return f"(?:{_listed(part[1:-1])})"
    return _SIGNS.get(part) or f" {part.replace('~', '[^ ]*')}"


@cache
def _listed(name: str) -> str:
    return "|".join(map(expression, read_data("lists")[name]))


def compiled(phrases: Sequence[str]) -> re.Pattern[str]:
    """Return phrases as one expression for a reading's text."""
    return re.compile(f"(?:{'|'.join(map(expression, phrases))})(?= )")


class Phrases:
    """Several phrases: each is compiled when words that it cannot do without are there."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._kept = [(needed_words(phrase), phrase) for phrase in phrases]

    def search(
        self, text: str, words: AbstractSet[str], start: int = 0, end: int = sys.maxsize
    ) -> Iterator[re.Match[str]]:
        """Yield every place in a reading's text where one of the phrases stands.

        ``words`` are those of the text; start and end bound where it is looked for.
        """
        for needed, phrase in self._kept:
            if not needed or not needed.isdisjoint(words):
                yield from _pattern(phrase).finditer(text, start, end)


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    return compiled((phrase,))


def needed_words(phrase: str) -> frozenset[str]:
    """Return words of which a text must hold one, or none where none can be named.

    The rarest such words are chosen. ``kill~`` stands for any word that begins so.
    """
    return _needed(deque(_PART.findall(phrase))) or frozenset()


def _needed(parts: deque[str]) -> frozenset[str] | None:
    each: list[frozenset[str] | None] = [None]
    while parts and (part := parts.popleft()) not in ")]":
        if part == "|":
            each.append(None)
        else:
            each[-1] = _rarer(each[-1], _needed_by(part, parts))
    either = [one for one in each if one is not None]
    return frozenset().union(*either) if len(either) == len(each) else None


def _needed_by(part: str, parts: deque[str]) -> frozenset[str] | None:
    if part in "([":
        inside = _needed(parts)
        return inside if part == "(" else None
    if part.startswith("{"):
        return _needed(deque(_PART.findall("|".join(read_data("lists")[part[1:-1]]))))
    return frozenset((part,)) if part not in _SIGNS and _PLAIN.fullmatch(part) else None


def _rarer(
    one: frozenset[str] | None, other: frozenset[str] | None
) -> frozenset[str] | None:
    return min((each for each in (one, other) if each is not None), key=_weight, default=None)


def _weight(words: frozenset[str]) -> int:
    return sum(_OFTEN if word in _COMMON else 1 for word in words)
