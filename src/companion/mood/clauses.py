"""Parts a message into clauses and tells whose feelings each is about."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from companion.mood.lexicon import feelings, people, word_list
from companion.mood.plain import Plain

CONTRAST: Final = word_list("clauses_contrast")
_SELF: Final = word_list("clauses_self")
_YOU: Final = word_list("clauses_you")
_SUBJECTS: Final = word_list("clauses_subjects")
_NOT_PEOPLE: Final = word_list("clauses_not_people")
_OTHERS: Final = word_list("clauses_others")
_BE: Final = (
    "is|was|are|were|'s|be|been|seems?|seemed|looks?|looked|feels?|felt|got|gets|became|sounds?"
    "|sounded"
)
_OF_THINGS: Final = word_list("clauses_of_things")


@dataclass(frozen=True, slots=True)
class Clause:
    """Some words of a plain text, from ``first`` up to but without ``last``."""

    first: int
    last: int
    contrast: bool
    other: bool


def clauses(plain: Plain) -> list[Clause]:
    """Return the clauses of a plain text in their order."""
    words, cuts = plain.words, [0]
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        parted = at > 0 and (word in CONTRAST or at in plain.breaks)
        joined = word in ("and", "so", "because") and after in _SUBJECTS
        if word in (".", "?") or parted or joined:
            cuts.append(at)
    cuts.append(len(words))
    return [
        Clause(a, b, words[a] in CONTRAST, is_of_others(words[a:b]))
        for a, b in pairwise(cuts)
        if b > a
    ]


@cache
def _feels() -> re.Pattern[str]:
    adjectives = "|".join(sorted({w for w in feelings() if w not in _OF_THINGS and " " not in w}))
    return re.compile(
        rf"(?:\b|(?<= ))(?:{_BE}) (?:[a-z]+ ){{0,3}}(?:{adjectives}"
        r"|having a (?:great|good|lovely|bad|terrible|"
        r"horrible|wonderful|rough|hard) [a-z]+"
        r"|crying|laughing|in tears|grinning|smiling|sobbing)\b"
        r"|\b(?:hates?|hated|loves?|loved|adores?|fears?|dreads?|cried|cries|wept|laughed|despises?|"
        r"resents?|enjoys?|enjoyed|panicked|screamed|sobbed|sulked|sulks|grumbled)\b"
        r"|\bin a (?:bad|good|foul|great) mood\b"
    )


def is_of_others(words: tuple[str, ...]) -> bool:
    """Whether a clause tells what somebody other than the writer feels."""
    if not (_SELF | _YOU).isdisjoint(words):
        return False
    found = _feels().search(" ".join(words))
    if not found:
        return False
    before = " ".join(words)[: found.start()].split()
    before = [word for word in before if word not in (".", "?", "and", "but", "so", "because")]
    return _is_someone(before)


def _is_someone(subject: list[str]) -> bool:
    known = people()
    if not subject or subject[0] in _NOT_PEOPLE:
        return False
    if not _OTHERS.isdisjoint(subject):
        return True
    beings = known["kin"] | known["person"] | known["animal"]
    if not beings.isdisjoint(subject):
        return True
    return (
        len(subject) <= 2
        and subject[-1] not in feelings()
        and subject[0] not in known["things"]
        and (
            len(subject) == 1
            and subject[0].isalpha()
            and len(subject[0]) > 2
            and subject[0] not in _VAGUE
        )
    )


_VAGUE: Final = word_list("clauses_vague")
