"""Quoting only that part of a long turn which was looked for."""

import re
from collections.abc import Callable, Container

from companion.memory.words import terms_of

_SENTENCE = re.compile(r"[^.!?]+[.!?]*\s*")
_SHORTEST = 12


def shorten(text: str, sought: Container[str], tokens: int, measure: Callable[[str], int]) -> str:
    """Return ``text`` in at most ``tokens``: its best sentences side by side, or nothing.

    The best is the one with the most terms of ``sought``; after it comes what follows,
    then what precedes it. What is left out is marked.
    """
    if measure(text) <= tokens:
        return text
    sentences = _SENTENCE.findall(text)
    if not sentences or tokens < _SHORTEST:
        return ""
    values = [sum(term in sought for term in set(terms_of(each))) for each in sentences]
    first = values.index(max(values))
    last = first + 1
    if measure(_cut(sentences, first, last)) > tokens:
        return _begin(sentences[first], tokens, measure)
    while last < len(sentences) and measure(_cut(sentences, first, last + 1)) <= tokens:
        last += 1
    while first and measure(_cut(sentences, first - 1, last)) <= tokens:
        first -= 1
    return _cut(sentences, first, last)


def _cut(sentences: list[str], first: int, last: int) -> str:
    kept = "".join(sentences[first:last]).strip()
    return ("… " if first else "") + kept + (" …" if last < len(sentences) else "")


def _begin(sentence: str, tokens: int, measure: Callable[[str], int]) -> str:
    """Return as many of the first words of a sentence as fit."""
    words = sentence.split()
    while words and measure(" ".join(words) + " …") > tokens:
        words.pop()
    return " ".join(words) + " …" if words else ""
