"""Mends what is misspelt, disguised or short, so that the rules can read it."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product
from typing import Final

from companion.safety.phrases import read_data

_LEET: Final = {
    "1": "il", "3": "e", "4": "a", "5": "s", "0": "o", "7": "t", "$": "s", "@": "a",
    "!": "i", "|": "li", "+": "t", "*": "aeiou", "#": "aeiou",
}  # fmt: skip
_ALIKE: Final = str.maketrans("аеорсухіѕкмтнвɡıℓ", "aeopcyxiskmthbgil")
_RUN: Final = re.compile(r"(.)\1*")
_LONGEST: Final = 24
_SHORTEST_MENDED: Final = 6


@cache
def short_forms() -> dict[str, tuple[str, ...]]:
    """Return what short forms and frequent slips stand for."""
    return {short: tuple(long.split()) for short, long in read_data("spelling")["means"].items()}


@cache
def grave_words() -> frozenset[str]:
    """Return the words that must be recognised however they are disguised."""
    return frozenset(read_data("spelling")["grave"].split())


@cache
def _joining_words() -> frozenset[str]:
    return grave_words() | frozenset(read_data("spelling")["joining"].split())


@cache
def _near_words() -> dict[str, str]:
    usual = frozenset(read_data("spelling")["usual"].split())
    long = [word for word in sorted(grave_words()) if len(word) >= _SHORTEST_MENDED]
    near = {slip: word for word in long for slip in _slips(word)}
    return {slip: word for slip, word in near.items() if slip not in usual | grave_words()}


@lru_cache(maxsize=8192)
def mend(word: str) -> tuple[str, ...]:
    """Return the words that one written word stands for; itself, where it is plain."""
    word = unicodedata.normalize("NFKC", word).translate(_ALIKE)[:_LONGEST]
    if word in short_forms():
        return short_forms()[word]
    if word in grave_words():
        return (word,)
    for candidate in (*_unstretched(word), *_undisguised(word)):
        if len(candidate) > 2 and candidate in short_forms():
            return short_forms()[candidate]
        if candidate in grave_words():
            return (candidate,)
    if word in _near_words():
        return (_near_words()[word],)
    return split_joined(word) or tuple(_shortened(_plain(word)).split()) or (word,)


def split_joined(word: str) -> tuple[str, ...]:
    """Return the words that were written as one (killmyself), or nothing."""
    if len(word) < _SHORTEST_MENDED or not word.isalpha():
        return ()
    best: list[tuple[str, ...] | None] = [(), *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 9), end):
            begun = best[start]
            if best[end] is None and begun is not None and word[start:end] in _joining_words():
                best[end] = (*begun, word[start:end])
    found = best[-1] or ()
    return found if len(found) > 1 and not grave_words().isdisjoint(found) else ()


def _plain(word: str) -> str:
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFKD", word)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _shortened(word: str) -> str:
    return re.sub(r"([^\d])\1{2,}", r"\1", word)


def _unstretched(word: str) -> Iterator[str]:
    runs = [found[0] for found in _RUN.finditer(_plain(word))]
    if any(len(run) > 2 for run in runs):
        choices = [(run[0], run[0] * 2) if len(run) > 1 else (run,) for run in runs]
        for choice, _ in zip(product(*choices), range(64), strict=False):
            yield "".join(choice)


def _undisguised(word: str) -> Iterator[str]:
    if any(sign in _LEET for sign in word) and any(sign.isalpha() for sign in word):
        choices = [_LEET.get(sign, sign) for sign in word]
        for choice, _ in zip(product(*choices), range(64), strict=False):
            yield "".join(choice)
    elif not word.isascii():
        yield _plain(word)


def _slips(word: str) -> set[str]:
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    swapped = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    less = {a + b[1:] for a, b in halves if b}
    more = {a + letter + b for a, b in halves if a for letter in letters}
    other = {a + letter + b[1:] for a, b in halves if a and b for letter in letters}
    return swapped | less | more | other
