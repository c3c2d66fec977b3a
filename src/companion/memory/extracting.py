"""The most telling sentences of a stretch of talk, in the user's own words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from companion.domain.message import Message, Role
from companion.domain.summaries import Cited
from companion.memory.noticing.clauses import HIDDEN, find_statements, hide_foreign
from companion.memory.noticing.days import find_days
from companion.memory.noticing.doubt import is_doubtful_message, is_playing
from companion.memory.noticing.noticer import notice
from companion.memory.words import FRAME_WORDS, split_words, terms_of

_MOST = 3
_SHORTEST_TERMS, _LONGEST = 3, 180
_ENOUGH = 12
_OF_LIFE, _OF_SELF, _DATED, _OF_HER, _NAMED = 4.0, 3.0, 2.0, 2.0, 1.0
_NAMES = re.compile(r"(?<=[a-z,;:'] )(?!I\b)[A-Z][a-z]+|\b\w*\d\w*")
_SELF = frozenset(("i", "my", "we", "our", "me", "us"))
_TOO_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    turn: int
    place: int
    terms: frozenset[str]
    weight: float


def extract(messages: Sequence[Message]) -> tuple[Cited, ...]:
    """Return a few sentences of the user, word for word, the most telling first.

    Telling is what has something to be remembered in it, is about the user, and says much.
    Nothing is taken from jokes, stories, games, questions and quotations.
    """
    found = sorted(_candidates(messages), key=lambda each: (-each.weight, each.place))
    chosen: list[_Candidate] = []
    for each in found:
        if len(chosen) < _MOST and not any(_alike(each, other) for other in chosen):
            chosen.append(each)
    return tuple(Cited(each.text, (each.turn,)) for each in chosen)


def is_earnest(text: str) -> bool:
    """Whether a message does not joke, dream, play or tell a story."""
    return not is_doubtful_message(hide_foreign(text))


def _candidates(messages: Sequence[Message]) -> Iterator[_Candidate]:
    said: list[str] = []
    place = 0
    for message in messages:
        if message.role is not Role.USER:
            continue
        said.append(message.text)
        if not is_earnest(message.text) or is_playing(said):
            continue
        said_on = message.created_at.date()
        told = notice(message.text, said_on)
        for sentence in find_statements(hide_foreign(message.text)):
            end = sentence.start + len(sentence.text)
            text = " ".join(message.text[sentence.start : end].split()).strip(" ,;-")
            terms = frozenset(term for term in terms_of(text) if term not in FRAME_WORDS)
            whole = len(text) <= _LONGEST and HIDDEN not in sentence.text
            if whole and len(terms) >= _SHORTEST_TERMS:
                place += 1
                of_life = any(e.start < end and sentence.start < e.end for e in told)
                weight = _weigh(text, terms, said_on, of_life=of_life)
                yield _Candidate(text, message.id, place, terms, weight)


def _weigh(text: str, terms: frozenset[str], said: date, *, of_life: bool) -> float:
    """Return how telling a sentence is; the weights are measured by ``benchmarks/summary.py``."""
    words = split_words(text)
    weight = min(len(terms), _ENOUGH) + _NAMED * len(_NAMES.findall(text))
    weight += _OF_LIFE if of_life else 0.0
    weight += _DATED if find_days(text, said) else 0.0
    weight += 0.0 if _SELF.isdisjoint(words) else _OF_SELF
    return weight - (_OF_HER if "you" in words else 0.0)


def _alike(one: _Candidate, other: _Candidate) -> bool:
    shared = len(one.terms & other.terms)
    return shared > _TOO_ALIKE * min(len(one.terms), len(other.terms))
