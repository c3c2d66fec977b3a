"""How well a turn answers a question: BM25 over the turn and those beside it, and signs.

The constants were set by hand and checked on five conversations of LoCoMo
(``benchmarks/memory.py``); the figures hardly change where one of them is moved by half.
"""

import math
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from companion.domain.memory import Turn
from companion.memory.neighbours import Neighbours
from companion.memory.question import Question
from companion.memory.words import split_words, terms_of

_SATURATION, _LENGTH = 1.0, 0.5
_BESIDE, _TWO_AWAY = 0.5, 0.25
_ANSWERS = 0.3
_ASKS = 0.5
_COVERAGE = 0.7
_PAIR = 0.15
_SPEAKER = 1.0
_TIME = 1.5
_SIGN = 0.3
_SITTING, _SITTING_TURNS = 0.7, 3
_SHORT_HISTORY, _SINGLE = 1000, 0.6
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's terms in their order, how often each occurs, and how much of it asks."""

    terms: tuple[str, ...]
    counts: Mapping[str, int]
    asks: float

    @property
    def length(self) -> int:
        """How many terms there are."""
        return len(self.terms)


@lru_cache(maxsize=8192)
def read_text(text: str) -> Reading:
    """Take a text apart. Remembered, because the same turns come up again and again."""
    terms = tuple(terms_of(text))
    counts: dict[str, int] = {}
    for term in terms:
        counts[term] = counts.get(term, 0) + 1
    return Reading(terms, counts, _asking(text) if "?" in text else 0.0)


def _asking(text: str) -> float:
    """Return the part of a text that is questions, by length."""
    sentences = _SENTENCE.findall(text)
    asking = sum(len(sentence) for sentence in sentences if "?" in sentence)
    return asking / max(1, sum(map(len, sentences)))


def _shared_pairs(question: Question, reading: Reading) -> int:
    """Return how many terms that stand side by side in the question do so in a text."""
    counts = reading.counts
    near = {pair for pair in question.pairs if pair[0] in counts and pair[1] in counts}
    return len(near.intersection(pairwise(reading.terms))) if near else 0


def score_turns(
    question: Question, weights: Mapping[str, float], turns: Neighbours
) -> dict[int, float]:
    """Return the score of every turn at hand that has to do with the question."""
    if not weights:
        # Only a time was asked for: whatever was said then.
        return {turn.id: 1.0 for turn in turns if _nearness(question, turn) == 1}
    readings = {turn.id: read_text(turn.text) for turn in turns}
    hits = {turn_id: weights.keys() & each.counts.keys() for turn_id, each in readings.items()}
    own = _match(weights, readings, hits)
    whole = sum(weights.values()) or 1.0
    scores: dict[int, float] = {}
    for turn in turns:
        score = _with_neighbours(turn.id, own, readings, turns)
        if score > 0:
            reading, covered = readings[turn.id], _find_covered(turn.id, hits, turns)
            score *= 1 + _COVERAGE * sum(weights[term] for term in covered) / whole
            score *= 1 + _PAIR * _shared_pairs(question, reading)
            scores[turn.id] = score * (1 - _ASKS * reading.asks) * _signs(question, turn, reading)
    return _with_sittings(scores, turns)


class Ties:
    """How clearly turns are tied to a question; ``size`` is how many turns there are.

    The weights of words are logarithms of how rare they are, so their sum is that of how
    rare it is to have all of them by chance. A long question shares some words with
    anything: what counts is their part of it, too. Relatives of its words do not count.
    """

    def __init__(self, question: Question, weights: Mapping[str, float], size: int) -> None:
        # In a short history every word is rare.
        self._rarest = math.log(max(size, _SHORT_HISTORY))
        own = {each.term: each.weight for each in question.concepts if each.own}
        self._weights = {term: weights[term] for term in own.keys() & weights.keys()}
        unheard = sum(own[term] == 1 for term in own.keys() - weights.keys())
        self._whole = sum(self._weights.values()) + unheard * self._rarest

    def measure(self, turn: Turn) -> float:
        """Return how rare the shared words are, times their part of the question."""
        terms = self._weights.keys() & read_text(turn.text).counts.keys()
        shared = sum(self._weights[term] for term in terms)
        # Of a single word that is shared, it is open what was said of it.
        certainty = _SINGLE if len(terms) == 1 else 1.0
        return certainty * shared / self._rarest * shared / self._whole if shared else 0.0


def _match(
    weights: Mapping[str, float], readings: Mapping[int, Reading], hits: Mapping[int, Set[str]]
) -> dict[int, float]:
    """Return BM25 of each turn by itself; ``hits`` are the terms of the question in it."""
    average = sum(reading.length for reading in readings.values()) / max(1, len(readings))
    own: dict[int, float] = {}
    for turn_id, reading in readings.items():
        norm = _SATURATION * (1 - _LENGTH + _LENGTH * reading.length / max(1.0, average))
        counts = [(weights[term], reading.counts[term]) for term in hits[turn_id]]
        own[turn_id] = sum(
            weight * count * (_SATURATION + 1) / (count + norm) for weight, count in counts
        )
    return own


def _with_neighbours(
    turn_id: int, own: Mapping[int, float], readings: Mapping[int, Reading], turns: Neighbours
) -> float:
    """Return a turn's score with part of its neighbours'; an answer shares its question's."""
    score = own[turn_id]
    before, after = turns.before(turn_id), turns.after(turn_id)
    if before is not None:
        score += (_BESIDE + _ANSWERS * readings[before].asks) * own[before]
        earlier = turns.before(before)
        score += _TWO_AWAY * own[earlier] if earlier is not None else 0
    if after is not None:
        score += _BESIDE * own[after]
        later = turns.after(after)
        score += _TWO_AWAY * own[later] if later is not None else 0
    return score


def _find_covered(turn_id: int, hits: Mapping[int, Set[str]], turns: Neighbours) -> Set[str]:
    """Return the terms of the question that stand in a turn or right beside it."""
    covered = hits[turn_id]
    for beside in (turns.before(turn_id), turns.after(turn_id)):
        if beside is not None:
            covered = covered | hits[beside]
    return covered


def _signs(question: Question, turn: Turn, reading: Reading) -> float:
    """Return by how much who spoke, when, and what kind of word speak for a turn."""
    factor = 1.0
    spoke = question.speaker is not None and question.speaker in split_words(turn.speaker)
    factor += _SPEAKER * (spoke or question.role is turn.role)
    factor *= 1 + _TIME * _nearness(question, turn)
    if not question.signs.isdisjoint(reading.counts):
        factor *= 1 + _SIGN
    return factor


def _nearness(question: Question, turn: Turn) -> float:
    return max((span.nearness(turn.at) for span in question.spans), default=0.0)


def _with_sittings(scores: Mapping[int, float], turns: Neighbours) -> dict[int, float]:
    """Raise the turns of those sittings whose best turns fit best."""
    sittings: dict[int, list[float]] = {}
    for turn_id, score in scores.items():
        sittings.setdefault(turns.sitting(turn_id), []).append(score)
    totals = {sitting: sum(sorted(found)[-_SITTING_TURNS:]) for sitting, found in sittings.items()}
    best = max(totals.values(), default=1.0)
    return {
        turn_id: score * (1 + _SITTING * totals[turns.sitting(turn_id)] / best)
        for turn_id, score in scores.items()
    }
