"""What a question looks for: words, their relatives, a speaker, a stretch of time."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from companion.domain.message import Role
from companion.memory.dates import Span, find_spans
from companion.memory.related import related_words
from companion.memory.words import (
    FRAME_WORDS,
    STOP_WORDS,
    forms_of,
    split_words,
    term_of,
)

_FRAME_WEIGHT = 0.5
_RELATED_WEIGHT = 0.3
_LONGEST_QUESTION = 24
_FRAME_TERMS = frozenset(map(term_of, FRAME_WORDS))
_FIRST_PERSON = frozenset(("i", "me", "my", "mine", "myself"))
_SECOND_PERSON = frozenset(("you", "your", "yours", "yourself"))
_TIME_WORDS = """
yesterday today tonight tomorrow ago since recently soon day week weekend month year
spring summer autumn fall winter monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december
"""
_NUMBER_WORDS = """
1 2 3 4 5 6 7 8 9 10 12 15 20 30 50 100 one two three four five six seven eight nine ten
dozen twice couple hundred thousand
"""
_TIME_SIGNS = frozenset(map(term_of, _TIME_WORDS.split()))
_NUMBER_SIGNS = frozenset(map(term_of, _NUMBER_WORDS.split()))


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that is looked for. ``forms`` are the words to look it up by.

    ``weight`` is 1 for a word of the question and less for words that only may be meant.
    """

    term: str
    forms: frozenset[str]
    weight: float

    @property
    def own(self) -> bool:
        """Whether the question has the word itself."""
        return self.weight > _RELATED_WEIGHT


@dataclass(frozen=True, slots=True)
class Question:
    """A question, taken apart.

    ``pairs`` are terms that stand side by side in it. ``speaker`` (folded) or ``role``
    is whose words are asked for, if that can be told. ``signs`` are terms that
    an answer of the kind asked for (a time, a number) often has.
    """

    concepts: tuple[Concept, ...]
    pairs: frozenset[tuple[str, str]]
    spans: tuple[Span, ...]
    speaker: str | None
    role: Role | None
    signs: frozenset[str]


def read_question(text: str, now: datetime, speakers: Set[str]) -> Question:
    """Take a question apart. ``speakers`` are the folded names of those who talk."""
    words = list(split_words(text))
    named = list(dict.fromkeys(word for word in words if word in speakers))
    content = [word for word in words if word not in STOP_WORDS]
    terms = [term_of(word) for word in content]
    topics = [word for word in content if word not in speakers] or named
    return Question(
        # Where somebody tells much and then asks, the question comes last.
        concepts=_concepts(topics[-_LONGEST_QUESTION:]),
        pairs=frozenset(pairwise(terms)),
        spans=tuple(find_spans(text, now)),
        speaker=named[0] if len(named) == 1 else None,
        role=None if named else _who(words),
        signs=_signs(words),
    )


def _concepts(words: list[str]) -> tuple[Concept, ...]:
    concepts: dict[str, Concept] = {}
    for word in words:
        term = term_of(word)
        weight = _FRAME_WEIGHT if term in _FRAME_TERMS else 1.0
        concepts.setdefault(term, Concept(term, forms_of(word), weight))
    for term in list(concepts):
        for word in related_words(term):
            relative = term_of(word)
            concepts.setdefault(relative, Concept(relative, forms_of(word), _RELATED_WEIGHT))
    return tuple(concepts.values())


def _who(words: list[str]) -> Role | None:
    """Return who is meant where nobody is named: "my dog" is the user's."""
    if not _FIRST_PERSON.isdisjoint(words):
        return Role.USER
    return Role.ASSISTANT if not _SECOND_PERSON.isdisjoint(words) else None


def _signs(words: list[str]) -> frozenset[str]:
    if words[:1] == ["when"] or words[:2] == ["how", "long"] or "date" in words:
        return _TIME_SIGNS
    return _NUMBER_SIGNS if words[:2] in (["how", "many"], ["how", "often"]) else frozenset()
