"""Words for feelings in what the writer says of themselves, and what "not" does to them."""

from typing import Final

from companion.domain.mood import NEGATIVE, POSITIVE
from companion.mood.clauses import Clause
from companion.mood.lexicon import feelings, word_list
from companion.mood.phrases import Sign
from companion.mood.plain import Plain

NOT: Final = word_list("selfreport_not")
MORE: Final = word_list("selfreport_more")
_START: Final = word_list("selfreport_start")
_AFTER: Final = word_list("selfreport_after")
_FEEL: Final = word_list("selfreport_feel")
_STRICT: Final = word_list("selfreport_strict")


def self_signs(plain: Plain, parts: list[Clause]) -> list[Sign]:
    """Return what the writer's own words for feelings say."""
    found = []
    for part in parts:
        if not part.other:
            found += _of_clause(plain, part)
    return found


def _of_clause(plain: Plain, part: Clause) -> list[Sign]:
    known, words, found = feelings(), plain.words, []
    for at in range(part.first, part.last):
        for length in (2, 1):
            phrase = " ".join(words[at : at + length])
            if at + length <= part.last and phrase in known and _is_report(words, part, at):
                found.append(_sign(plain, part, at, length))
                break
    return found


def _is_report(words: tuple[str, ...], part: Clause, at: int) -> bool:
    back = at - 1
    while back >= part.first and (words[back] in MORE or words[back] in NOT):
        back -= 1
    raised = back < at - 1
    while back >= part.first and words[back] in _START:
        back -= 1
    if back >= part.first and words[back] in _FEEL:
        return words[back] not in ("was", "been") or "i" in words[part.first : back]
    if words[at] in _STRICT:
        return False
    after = words[at + 1] if at + 1 < part.last else ""
    return back < part.first and (raised or not after or after in _AFTER or at + 2 >= part.last)


def _sign(plain: Plain, part: Clause, at: int, length: int) -> Sign:
    labels = feelings()[" ".join(plain.words[at : at + length])].labels
    labels = ("sadness", "annoyance") if plain.words[at] == "tired" else labels
    spot = plain.places[at][0], plain.places[at + length - 1][1]
    before = plain.words[max(part.first, at - 5) : at]
    if NOT.isdisjoint(before) or ("not" in before and "only" in before):
        against = "negative" if set(labels) & POSITIVE and not set(labels) & NEGATIVE else ""
        return Sign("own word", labels, against, *spot)
    if set(labels) & POSITIVE:
        return Sign("own word denied", ("disappointment", "sadness"), "positive", *spot)
    return Sign("own word denied", ("neutral",), " ".join(labels), *spot)
