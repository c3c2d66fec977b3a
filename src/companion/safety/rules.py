"""The precise rules: what is found in a message, and how grave it would be by itself."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from companion.domain.safety import Danger
from companion.safety.phrases import Phrases, read_data
from companion.safety.reading import Reading

FILES: Final = (
    *("suicide", "veiled", "self_harm", "eating", "abuse", "harm_to_others", "somebody_else"),
    *("acts", "pictures", "low_mood"),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Phrases that mean the same, how grave they are, and why.

    ``unless`` are phrases of the same sentence that rule it out. A ``firm`` rule is not
    lowered by a laugh. One that is ``after`` counts only where danger was spoken of before,
    a ``hint`` only where low mood was; a ``nameless`` one not right after an errand that
    was named, without danger before: it is about that.
    """

    name: str
    tier: int
    category: Danger
    find: Phrases
    unless: Phrases
    firm: bool
    after: bool
    hint: bool
    nameless: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that applies, and which words of the reading it concerns."""

    rule: Rule
    start: int
    end: int


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, the gravest first."""
    found = [_rule(kept) for name in FILES for kept in read_data(f"rules/{name}")["rule"]]
    return tuple(sorted(found, key=lambda rule: -rule.tier))


def findings(reading: Reading) -> Iterator[Finding]:
    """Yield what the rules find in a message."""
    for rule in _worth_trying(reading.known):
        for start, end in rule.find.search(reading.words, reading.known):
            if not _is_ruled_out(rule, reading, start, end):
                yield Finding(rule, start, end)


def _worth_trying(known: AbstractSet[str]) -> list[Rule]:
    everywhere, by_word = _by_need()
    found = everywhere.union(*(by_word[word] for word in known if word in by_word))
    return [rule for place, rule in enumerate(rules()) if place in found]


@cache
def _by_need() -> tuple[frozenset[int], Mapping[str, AbstractSet[int]]]:
    """Return the places of the rules that may apply anywhere, and where each word is needed."""
    everywhere: set[int] = set()
    by_word: defaultdict[str, set[int]] = defaultdict(set)
    for place, rule in enumerate(rules()):
        needed = rule.find.needed
        if needed is None:
            everywhere.add(place)
        for word in needed or ():
            by_word[word].add(place)
    return frozenset(everywhere), dict(by_word)


def _is_ruled_out(rule: Rule, reading: Reading, start: int, end: int) -> bool:
    around = reading.sentence(start, end)
    return any(rule.unless.search(reading.words, reading.known, *around))


def _rule(kept: dict[str, Any]) -> Rule:
    return Rule(
        kept["name"],
        kept["tier"],
        Danger(kept["category"]),
        Phrases(kept["find"]),
        Phrases(kept.get("unless", ())),
        kept.get("firm", False),
        kept.get("after", False),
        kept.get("hint", False),
        kept.get("nameless", False),
    )
