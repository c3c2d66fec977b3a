"""Words that stand for each other, from ``everyday.txt``.

A question says "pet" where the memory says "dog". The list is written by hand, of
common words only; it is read when the first question is asked.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from companion.memory.words import term_of


def related_words(term: str) -> tuple[str, ...]:
    """Return everyday words that may stand for a term, without the term itself."""
    return _load().get(term, ())


@cache
def _load() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, dict[str, None]] = {}
    text = files("companion.memory").joinpath("everyday.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            kind, colon, things = line.partition(":")
            names = [kind.strip()] if colon else kind.split()
            for name in names:
                others = table.setdefault(term_of(name), {})
                others.update(dict.fromkeys((things if colon else kind).split()))
    return {
        term: tuple(word for word in words if term_of(word) != term)
        for term, words in table.items()
    }
