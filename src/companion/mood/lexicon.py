"""Reads the word lists that people edit: feelings, people, faces, languages."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from companion.domain.mood import Affect

LISTS: Final = ("phrases", "idioms", "sarcasm", "people", "feelings")
DATA: Final = Path(__file__).with_name("data")


def table(name: str) -> dict[str, Any]:
    """Return one of the word lists as it stands in its file."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Feeling:
    """What a word for a feeling means."""

    labels: tuple[str, ...]
    affect: Affect


@cache
def feelings() -> dict[str, Feeling]:
    """Return the words and short phrases for feelings."""
    kept = table("feelings")
    return {word: _feeling(line) for part in ("words", "more") for word, line in kept[part].items()}


def _feeling(line: str) -> Feeling:
    *labels, valence, arousal, dominance = line.split()
    return Feeling(tuple(labels), Affect(float(valence), float(arousal), float(dominance)))


@cache
def people() -> dict[str, frozenset[str]]:
    """Return the words for kin, other persons, animals and things."""
    return {kind: frozenset(words.split()) for kind, words in table("people").items()}


@cache
def faces() -> dict[str, tuple[str, ...]]:
    """Return what each emoji and emoticon says, strongest first."""
    kept = table("emoji")
    found: dict[str, tuple[str, ...]] = {}
    for label, signs in kept["faces"].items():
        for sign in signs.split():
            found.setdefault(sign, (label,))
    return found | {sign: tuple(labels.split()) for sign, labels in kept["main"].items()}


@cache
def languages() -> dict[str, frozenset[str]]:
    """Return the commonest short words of other languages."""
    return {name: frozenset(words.split()) for name, words in table("languages").items()}


@cache
def vocabulary() -> frozenset[str]:
    """Return every plain word that our lists hold."""
    texts = [(DATA / f"{name}.toml").read_text(encoding="utf-8") for name in LISTS]
    return frozenset(word for text in texts for word in re.findall(r"(?<![\\a-z])[a-z]{3,}", text))


@cache
def word_list(name: str) -> frozenset[str]:
    """Return one of the small lists of ``words.toml``."""
    return frozenset(table("words")[name].split())
