"""The few turns that are worth a close look, out of however many there are.

Rare words are followed to every turn that has them, common words to the latest ones and
to those where they meet. So the work does not grow with the number of turns.
"""

import heapq
import math
from collections import defaultdict
from itertools import combinations

from companion.domain.memory import Posting
from companion.memory.question import Concept, Question
from companion.protocols.memory import TurnIndex

_LONGEST_POSTING = 2000
_MOST_POSTINGS = 8_000
"""Over all words of a long message; a question of four words or fewer does not feel it."""
_LONGEST_RELATED_POSTING = 400
_LONGEST_MEETING = 500
_MEETING_WORDS = 3
_SHORT_HISTORY = 300
_NEIGHBOUR = 0.5
_AHEAD = 4


def weigh(posting: Posting, size: int) -> float:
    """Return the inverse document frequency of a posting, as BM25 has it.

    In a short history no word is common yet.
    """
    size = max(size, _SHORT_HISTORY)
    return math.log(1 + (max(0.0, size - posting.frequency) + 0.5) / (posting.frequency + 0.5))


def find_candidates(
    index: TurnIndex, question: Question, looks: int
) -> tuple[list[int], dict[str, float]]:
    """Return the turns to look at, best first, and what each term of the question weighs.

    ``looks`` is how many turns may be looked at.
    """
    size = index.size()
    marks: dict[int, float] = defaultdict(float)
    weights: dict[str, float] = {}
    common: list[tuple[float, Concept]] = []
    share = _MOST_POSTINGS // max(1, sum(concept.own for concept in question.concepts))
    longest = min(_LONGEST_POSTING, share)
    for concept in question.concepts:
        limit = longest if concept.own else _LONGEST_RELATED_POSTING
        posting = index.find([concept.forms], limit)
        if posting.ids:
            weights[concept.term] = weight = concept.weight * weigh(posting, size)
            for turn_id in posting.ids:
                marks[turn_id] += weight
            if concept.own and not posting.whole:
                common.append((weight, concept))
    _mark_meetings(index, common, marks)
    if not weights:
        return _said_then(index, question, looks), weights
    return _best(marks, looks), weights


def _mark_meetings(
    index: TurnIndex, common: list[tuple[float, Concept]], marks: dict[int, float]
) -> None:
    """Mark turns in which two common words meet, however long ago."""
    rarest = sorted(common, key=lambda pair: -pair[0])[:_MEETING_WORDS]
    for (weight, one), (other_weight, other) in combinations(rarest, 2):
        for turn_id in index.find([one.forms, other.forms], _LONGEST_MEETING).ids:
            marks[turn_id] = max(marks[turn_id], weight + other_weight)


def _said_then(index: TurnIndex, question: Question, looks: int) -> list[int]:
    """Return what was said in the stretch of time that is asked about, if one is."""
    found: list[int] = []
    for span in question.spans:
        found += index.said_between(span.since, span.until, looks)
    return found[:looks]


def _best(marks: dict[int, float], looks: int) -> list[int]:
    """Return the best marked turns; neighbours mostly have neighbouring numbers.

    Neighbours lift a turn by so little that those far behind need no look.
    """

    def value(turn_id: int) -> tuple[float, int]:
        beside = marks.get(turn_id - 1, 0.0) + marks.get(turn_id + 1, 0.0)
        return (marks[turn_id] + _NEIGHBOUR * beside, turn_id)

    ahead = heapq.nlargest(_AHEAD * looks, marks, key=marks.__getitem__)
    return heapq.nlargest(looks, ahead, key=value)
