"""What a memory is about, in terms by which it is known again in other words."""

import re
from typing import Final

from companion.domain.memories import Kind, Memory
from companion.memory.words import split_words, terms_of

DATED: Final = (Kind.EVENT, Kind.PLAN, Kind.WORRY)
"""Kinds of what has a day, and is over after it."""

CALLED: Final = "called"
"""The question that is answered by what the user wants to be called."""

_DETAILS = re.compile(r"\b(?:with|to|at|in|for|about|of|on|from|by)\b")
_EMPTY: Final = frozenset(terms_of("big small new first last next final day thing time bit lot"))
_GENERAL: Final = frozenset(terms_of("job work school home family friend medical"))
_OUTCOME = re.compile(
    r"\b(?:went|was|were|is over|are over|passed|failed|did|done|got|survived|aced|finished"
    r"|nailed|over with|behind me|turned out|made it|came back|cancelled|canceled|didn't|had"
    r"|has been|have been|'ve been)\b",
    re.IGNORECASE,
)
_LOOKS_AHEAD = re.compile(
    r"\b(?:will|'ll|going to|gonna|tomorrow|nervous|worried)\b", re.IGNORECASE
)


def head_terms(kind: Kind, value: str) -> frozenset[str]:
    """Return the terms that name something: of "a job interview with HR" it is *interview*.

    Of a deed ("call their landlord") it is what the deed is done to.
    """
    if kind is Kind.PLAN:
        terms = [term for term in terms_of(value) if term not in _EMPTY]
        return frozenset(terms[1:] or terms)
    named = _DETAILS.split(value, maxsplit=1)[0] or value
    terms = [term for term in terms_of(named) if term not in _EMPTY] or terms_of(value)
    return frozenset(terms[-1:])


def name_terms(kind: Kind, value: str) -> frozenset[str]:
    """Return all terms by which something may be spoken of: *dentist* and *appointment*."""
    if kind is Kind.PLAN:
        return head_terms(kind, value)
    named = _DETAILS.split(value, maxsplit=1)[0]
    return head_terms(kind, value) | (frozenset(terms_of(named)) - _EMPTY - _GENERAL)


def speaks_of(memory: Memory, text: str) -> bool:
    """Whether a text speaks of what a memory is about."""
    return not name_terms(memory.kind, memory.value).isdisjoint(terms_of(text))


def tells_outcome(memory: Memory, text: str, *, on_the_day: bool) -> bool:
    """Whether the user tells what became of it, so that nobody needs to ask.

    Afterwards any word of it will do; on the day itself it has to sound as if it was over.
    """
    if not speaks_of(memory, text):
        return False
    return not on_the_day or bool(_OUTCOME.search(text) and not _LOOKS_AHEAD.search(text))


def asks_about(memory: Memory, reply: str, *, told: bool) -> bool:
    """Whether she asks in a reply what became of it; ``told`` if the prompt spoke of it."""
    questions = [part for part in re.split(r"(?<=[.!?\n])\s+", reply) if part.endswith("?")]
    how = re.compile(r"\bhow (?:did|was|were|has)\b|\bdid (?:it|you)\b|\bwhat happened\b", re.I)
    return any(speaks_of(memory, each) or (told and how.search(each)) for each in questions)


def folded(text: str) -> str:
    """Return a text as words that compare: lower case, no accents, single spaces."""
    return " ".join(split_words(text))
