"""Finds the phrases of ``phrases.toml`` and ``idioms.toml`` in a message."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from companion.mood.lexicon import people, table, word_list
from companion.mood.plain import Plain


@dataclass(frozen=True, slots=True)
class Family:
    """Expressions that mean the same; they are compiled when they are first needed."""

    name: str
    find: tuple[str, ...]
    unless: tuple[str, ...]
    when: frozenset[str]
    labels: tuple[str, ...]
    against: str


@dataclass(frozen=True, slots=True)
class Sign:
    """Something seen in the message: what it says, what it rules out, and where."""

    name: str
    labels: tuple[str, ...]
    against: str
    start: int
    end: int


@cache
def families() -> tuple[Family, ...]:
    """Return all families, ready to be looked for."""
    return tuple(_family(one) for name in ("phrases", "idioms") for one in table(name)["family"])


def _family(kept: dict[str, Any]) -> Family:
    return Family(
        kept["name"],
        tuple(kept["find"]),
        tuple(kept.get("not_find", ())),
        frozenset(kept.get("when", "").split()),
        tuple(kept["labels"].split()),
        kept["against"],
    )


@cache
def compiled(found: tuple[str, ...]) -> re.Pattern[str]:
    """Return expressions as one, with the word lists filled in."""
    return re.compile("|".join(f"(?:{_filled(one)})" for one in found))


@cache
def _places() -> dict[str, str]:
    known = {kind: "|".join(sorted(words)) for kind, words in people().items()}
    known["thing"] = known.pop("things")
    known["being"] = f"{known['kin']}|{known['person']}|{known['animal']}"
    places = {f"{{{kind}}}": f"(?:{words})" for kind, words in known.items()}
    return places | {
        "{i}": "(?:i|we)",
        "{so}": "(?:so|oh|omg|well|yeah|yes|no|ok|and|but|just|very|really|lol|honestly|ugh|god"
        "|still)",
        "{team}": "(?:our team|my team|the team|england|scotland|wales|ireland)",
    }


def _filled(find: str) -> str:
    for name, words in _places().items():
        find = find.replace(name, words)
    return find


BROAD: Final = frozenset(
    (
        *("resigned", "bad news", "not all is well", "embarrassed", "fear", "love"),
        *("it could be better", "lost joy"),
        *("shame and guilt", "disgust", "anger said otherwise", "fine i guess", "bittersweet"),
    )
)
"""Families that count only where the writer may be speaking of themselves."""
_MINE: Final = word_list("phrases_mine")
_YOURS: Final = word_list("phrases_yours")


def is_personal(plain: Plain) -> bool:
    """Whether the writer speaks of themselves, as far as the words show it."""
    words = frozenset(plain.words)
    if len(plain.words) > 45:
        return False
    if not words.isdisjoint(_MINE):
        return words.isdisjoint(_YOURS) or len(plain.words) <= 14
    return len(plain.words) <= 14 and words.isdisjoint(_YOURS) and "?" not in words


def signs(plain: Plain) -> list[Sign]:
    """Return the phrases found in a plain text."""
    words = frozenset(plain.words)
    personal = is_personal(plain)
    return [
        Sign(family.name, family.labels, family.against, *plain.place(*found.span()))
        for family in families()
        if (personal or family.name not in BROAD)
        and (not family.when or not words.isdisjoint(family.when))
        and (found := compiled(family.find).search(plain.text))
        and not (family.unless and compiled(family.unless).search(plain.text))
    ]
