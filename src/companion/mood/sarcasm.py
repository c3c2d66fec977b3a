"""Hears praise that is meant otherwise, where something in the message betrays it."""

import re
from functools import cache
from typing import Final, NamedTuple

from companion.mood.lexicon import table
from companion.mood.phrases import Sign, is_personal
from companion.mood.plain import Plain

_TAG: Final = re.compile(r"(?:^|\s)/s(?:arcasm)?\s*$|🙃|\(!\)|#sarcasm|\b(?:\w+\. ){2,}\(", re.I)
_LABELS: Final = ("annoyance", "disapproval")


class Signs(NamedTuple):
    """The expressions of ``sarcasm.toml``, ready to be looked for."""

    praise: re.Pattern[str]
    trouble: re.Pattern[str]
    spared: re.Pattern[str]
    plain_marks: re.Pattern[str]


@cache
def _signs() -> Signs:
    kept = table("sarcasm")
    return Signs(*(re.compile(kept[name]) for name in Signs._fields))


def sarcasm(text: str, plain: Plain) -> list[Sign]:
    """Return a sign of sarcasm if the message shows one."""
    tag = _TAG.search(text)
    if tag and len(plain.words) > 2 and is_personal(plain):
        return [Sign("sarcasm", _LABELS, "positive", 0, max(tag.start(), 1))]
    known = _signs()
    if not is_personal(plain) or known.spared.search(plain.text):
        return []
    praise = known.praise.search(plain.text) or known.plain_marks.search(plain.text)
    if not praise:
        return []
    marked = known.plain_marks.search(plain.text)
    rest = plain.text[praise.end() :]
    if known.trouble.search(rest) or (marked and (marked[0] in _ALONE or " for " in marked[0])):
        return [Sign("sarcasm", _LABELS, "positive", *plain.place(*praise.span()))]
    return []


_ALONE: Final = frozenset(("thanks for nothing", "yeah right", "living the dream", "oh joy"))
