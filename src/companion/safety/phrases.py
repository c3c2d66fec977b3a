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
import tomllib
from collections.abc import Sequence
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
