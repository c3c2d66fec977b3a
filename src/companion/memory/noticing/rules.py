"""Rules of noticing, from ``rules.toml`` and its like, with the lists of ``words.toml``."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

DAY = "\x01"
"""Stands in a sentence, letter by letter, for words that name a day."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]+)\}")
_CAPITAL = "A-Z\u00c0-\u00d6\u00d8-\u00de"
_TOKEN = rf"[^\s,.;:!?()\x00{DAY}\u2026\u2013\u2014]+"
_PARTING = (
    "and|but|so|because|cause|which|who|when|while|since|though|although|or|if|where|as|until|than"
    "|that|then|after|before|cos|cuz|bc|plus|however|except"
)
_VERBS = "is|are|was|were|will|has|have|had|got|starts|begins|takes|scares|terrifies|worries"
_PREPOSITIONS = "from|at|in|for|with|near|on|to|by|of"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to be looked for; the fields are told in ``rules.toml``."""

    finds: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    does: str
    kind: str
    subject: str
    slot: str
    value: str
    text: str
    what: str
    ends: tuple[str, ...]
    closes: tuple[str, ...]
    day: str
    confidence: float
    trusts: bool
    lower: str
    asked: bool
    only_known: bool
    across: bool
    given: re.Pattern[str] | None


@cache
def load_rules(name: str) -> tuple[Rule, ...]:
    """Return the rules of a file; they are compiled when they are first needed."""
    return tuple(_to_rule(kept) for kept in _read(f"{name}.toml")["rule"])


@cache
def kin_names() -> Mapping[str, str]:
    """Return what each word for kin, friends and animals counts as: ``mum`` is ``mother``."""
    return {word: kept for kept, words in _read("words.toml")["kin"].items() for word in words}


@cache
def word_list(name: str) -> frozenset[str]:
    """Return a list of ``words.toml``."""
    return frozenset(_read("words.toml")["lists"][name])


@cache
def _read(file: str) -> dict[str, Any]:
    text = files("companion.memory.noticing").joinpath(file).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _to_rule(kept: Mapping[str, Any]) -> Rule:
    finds = [kept["find"]] if isinstance(kept["find"], str) else kept["find"]
    unless, given = kept.get("unless"), kept.get("given")
    return Rule(
        finds=tuple(_compile(rf"(?<![\w'-]){find}(?!\w)") for find in finds),
        unless=_compile(unless) if unless else None,
        does=kept.get("does", "learn"),
        kind=kept.get("kind", ""),
        subject=kept.get("subject", ""),
        slot=kept.get("slot", ""),
        value=kept.get("value", ""),
        text=kept.get("text", ""),
        what=kept.get("what", ""),
        ends=tuple(kept.get("ends", ())),
        closes=tuple(kept.get("closes", ())),
        day=kept.get("day", "no"),
        confidence=kept.get("confidence", 0.9),
        trusts=kept.get("trusts", False),
        lower=kept.get("lower", ""),
        asked=kept.get("asked", False),
        only_known=kept.get("only_known", False),
        across=kept.get("across", False),
        given=_compile(given) if given else None,
    )


def _compile(find: str) -> re.Pattern[str]:
    filled = _PLACEHOLDER.sub(lambda match: _places()[match[1]], find)
    return re.compile(filled, re.IGNORECASE)


@cache
def _places() -> Mapping[str, str]:
    table = _read("words.toml")
    places = {name: _either(words) for name, words in table["lists"].items()}
    return places | _kin_places(table) | _shapes(places["not_names"])


def _kin_places(table: Mapping[str, Any]) -> dict[str, str]:
    kin, pets = table["kin"], set(table["lists"]["pets"])
    strangers = {"friend", "best friend", "flatmate", "boss", "colleague", "neighbour", "teacher"}
    strangers |= {"therapist", "doctor", "baby", "band", "ex", "partner"}
    family = [word for kept, words in kin.items() if kept not in strangers for word in words]
    people = [word for kept, words in kin.items() if kept not in pets | {"band"} for word in words]
    plural = [f"{word}s" for word in family]
    return {
        "kin": _either(kin_names()),
        "family": _either(family),
        "families": _either([*family, *plural, "kids", "children", "siblings", "puppies"]),
        "people_kin": _either(people),
        "lovers": _either([word for k in table["lists"]["lovers"] for word in kin[k]]),
        "pets": _either([word for kept in pets for word in kin[kept]]),
    }


def _shapes(not_names: str) -> dict[str, str]:
    word = rf"[{_CAPITAL}][\w-]+(?:'(?!s\b)\w+)?"
    name = rf"(?!(?:{not_names})\b){word}"
    linked = (
        rf"(?: (?:(?:upon|on|de|da|do|del|la|le|of|am|sur|an der) )?(?!(?:{not_names})\b){word})"
    )
    return {
        "Name": rf"(?-i:{name}(?: {name})?)",
        "Place": rf"(?-i:{name}{linked}{{0,3}})",
        "phrase": _phrase(6, _PARTING),
        "thing": _phrase(5, f"{_PARTING}|{_VERBS}"),
        "deed": _phrase(8, _PARTING),
        "role": _phrase(3, f"{_PARTING}|{_PREPOSITIONS}"),
        "long": r"[^.!?;]{1,80}",
        "day": f"{DAY}+",
        "im": r"(?:i'm|i am|im)",
        "were": r"(?:we're|we are)",
        "ive": r"(?:i've got|i have got|i have|i've|i got|we have got|we have|we've got|we've"
        r"|i also have|i now have|i still have|ive got)",
    }


def _phrase(more: int, parting: str) -> str:
    """Return a pattern of some words, as many as there are up to a word that parts clauses."""
    return rf"(?>(?!(?:{parting})\b){_TOKEN}(?: (?!(?:{parting})\b){_TOKEN}){{0,{more}}})"


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))
