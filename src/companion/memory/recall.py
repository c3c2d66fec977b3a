"""What comes back to mind when something is asked."""

from collections.abc import Callable, Container, Mapping
from datetime import datetime
from itertools import islice

from companion.domain.memory import MemoryKind, Recalled, Turn
from companion.domain.message import Role
from companion.memory.candidates import find_candidates
from companion.memory.fusion import Fusion
from companion.memory.neighbours import gather
from companion.memory.packing import pack
from companion.memory.question import read_question
from companion.memory.scoring import Ties, score_turns
from companion.memory.words import STOP_WORDS, split_words
from companion.protocols.memory import TurnIndex

_FEWEST_LOOKS = 60
_MOST_LOOKS = 250
_SHORT_TURN = 10


class TurnRecaller:
    """``protocols.Recaller`` over what was said, word for word.

    It needs no model; with ``fusion``, a sentence encoder has a say in the ranking.
    ``names`` says who speaks in our own conversations; ``measure`` gives the tokens that a
    text takes in a prompt.
    """

    def __init__(
        self,
        index: TurnIndex,
        names: Mapping[Role, str],
        measure: Callable[[str], int],
        fusion: Fusion | None = None,
    ) -> None:
        self._index = index
        self._names = names
        self._measure = measure
        self._fusion = fusion

    def recall(
        self,
        question: str,
        at: datetime,
        limit: int = 10,
        tokens: int | None = None,
        known: Container[int] = (),
    ) -> list[Recalled]:
        """Return the turns that answer ``question`` best, best first."""
        names = {word for name in self._speakers() for word in split_words(name)}
        asked = read_question(question, at, names - STOP_WORDS)
        ids, weights = find_candidates(self._index, asked, _looks(limit, tokens))
        turns = gather(self._index, ids)
        scores = score_turns(asked, weights, turns)
        if self._fusion and scores:
            scores = self._fusion.add(question, scores, turns)
        ties = Ties(asked, weights, self._index.size())
        # Of two that fit equally well, the later one.
        order = sorted(scores, key=lambda turn_id: (-scores[turn_id], -turn_id))
        found = (self._recalled(turns[i], scores[i], ties) for i in order if i not in known)
        return list(islice(found if tokens is None else pack(found, tokens, self._measure), limit))

    def _speakers(self) -> set[str]:
        return {*self._index.speakers(), *self._names.values()}

    def _recalled(self, turn: Turn, score: float, ties: Ties) -> Recalled:
        return Recalled(
            kind=MemoryKind.TURN,
            source_id=turn.source_id,
            conversation=turn.conversation,
            conversation_id=turn.conversation_id,
            message_id=turn.id,
            role=turn.role,
            speaker=turn.speaker or self._names.get(turn.role, ""),
            text=turn.text,
            score=round(score, 4),
            at=turn.at,
            tie=round(ties.measure(turn), 3),
            named=bool(turn.speaker),
        )


def _looks(limit: int, tokens: int | None) -> int:
    """Return how many turns are worth a close look for an answer of that size."""
    wanted = limit if tokens is None else min(limit, tokens // _SHORT_TURN)
    return max(_FEWEST_LOOKS, min(_MOST_LOOKS, 2 * wanted))
