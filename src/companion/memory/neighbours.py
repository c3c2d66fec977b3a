"""Turns as they followed each other."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from companion.domain.memory import Turn
from companion.protocols.memory import TurnIndex

_BREAK = timedelta(hours=4)
_REACH = 2


class Neighbours:
    """Turns with those before and after them, parted into sittings.

    A sitting is what is said without a break of more than four hours; neighbours are
    of the same sitting.
    """

    def __init__(self, turns: Iterable[Turn]) -> None:
        self._turns = {turn.id: turn for turn in turns}
        self._before: dict[int, int] = {}
        self._after: dict[int, int] = {}
        for turn in self._turns.values():
            parent = self._turns.get(turn.parent_id or 0)
            if parent and abs(turn.at - parent.at) <= _BREAK:
                self._before[turn.id], self._after[parent.id] = parent.id, turn.id
        self._sittings = self._part()

    def __iter__(self) -> Iterator[Turn]:
        return iter(self._turns.values())

    def __getitem__(self, turn_id: int) -> Turn:
        return self._turns[turn_id]

    def before(self, turn_id: int) -> int | None:
        """Return the turn before one, in the same sitting, if it is at hand."""
        return self._before.get(turn_id)

    def after(self, turn_id: int) -> int | None:
        """Return the turn after one, in the same sitting, if it is at hand."""
        return self._after.get(turn_id)

    def sitting(self, turn_id: int) -> int:
        """Return the number of a turn's sitting."""
        return self._sittings[turn_id]

    def _part(self) -> dict[int, int]:
        sittings: dict[int, int] = {}
        last: Turn | None = None
        number = 0
        for turn in sorted(self, key=lambda turn: (turn.conversation_id, turn.at, turn.id)):
            apart = last is None or last.conversation_id != turn.conversation_id
            if apart or (last and turn.at - last.at > _BREAK):
                number += 1
            sittings[turn.id] = number
            last = turn
        return sittings


def gather(index: TurnIndex, ids: Iterable[int]) -> Neighbours:
    """Fetch turns and two on either side of each."""
    found = {turn.id: turn for turn in index.turns(ids)}
    edge = list(found.values())
    for _ in range(_REACH):
        parents = {turn.parent_id for turn in edge if turn.parent_id} - found.keys()
        edge = index.turns(parents)
        found.update((turn.id, turn) for turn in edge)
    tips = set(found)
    for _ in range(_REACH):
        known_parents = {turn.parent_id for turn in found.values()}
        edge = index.following(tips - known_parents)
        found.update((turn.id, turn) for turn in edge)
        tips = {turn.id for turn in edge}
    return Neighbours(found.values())
