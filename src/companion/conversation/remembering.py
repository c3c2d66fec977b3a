"""What remembering is done with, and how a message is told what she remembers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from companion.domain.memories import FollowUp, Kind, Memory
from companion.domain.message import Message
from companion.memory.asking import choose_due, is_hard, name_day, name_it
from companion.memory.telling import Told, choose_memories, tell
from companion.prompting.budget import estimate_tokens
from companion.prompting.memory_words import MemoryWords, Occasion
from companion.protocols.memories import FollowUps, MemoryShelf

_IN_SIGHT = 16
"""What was said or told within so many messages, the model still reads."""
_OCCASIONS: dict[Kind, Occasion] = {
    Kind.PLAN: "plan",
    Kind.WORRY: "worry",
    Kind.PROMISE: "promise",
}


def _never(_: datetime) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Remembering:
    """What remembering is done with.

    ``asks`` is whether she asks what became of things; she does not while ``quiet`` says
    so of the moment.
    """

    shelf: MemoryShelf
    follow_ups: FollowUps
    words: MemoryWords
    asks: bool = True
    quiet: Callable[[datetime], bool] = _never

    def tell(
        self,
        message: Message,
        before: Sequence[Message],
        now: datetime,
        tokens: int,
        *,
        may_ask: bool,
    ) -> str:
        """Return what the model is told with a message, and keep what that was.

        ``now`` is in the user's own time zone, ``tokens`` is the room for it. With
        ``may_ask`` she may be told to ask what became of something. Blocks; raises
        ``StoreError``.
        """
        tokens -= _cost(self.words.tell(["."]))
        asked = self.choose_due(now) if may_ask else None
        told = self._suggest(asked, now.date())
        tokens -= sum(map(_cost, told.sentences))
        if tokens < 0:
            return ""
        known = self.shelf.told_in([each.id for each in before[-_IN_SIGHT:]])
        known |= {memory.id for memory in told.memories}
        more = choose_memories(self.shelf, message.text, now.date(), tokens, _cost, known)
        words = self.words.tell((*told.sentences, *more.sentences))
        if words:
            ids = [memory.id for memory in (*told.memories, *more.memories)]
            self.shelf.keep_used(message.id, ids, words)
        return words

    def choose_due(self, now: datetime) -> FollowUp | None:
        """Return what may be asked about at this moment. Blocks; raises ``StoreError``."""
        if not self.asks or self.quiet(now):
            return None
        return choose_due(self.follow_ups.due(now.date()), now.date())

    def ask(self, follow_up: FollowUp, today: date, turn: int) -> str:
        """Return her first words, which ask what became of something."""
        memory = follow_up.memory
        day = name_day(memory, today)
        return self.words.ask(self._occasion(memory), name_it(memory), day, turn)

    def _suggest(self, follow_up: FollowUp | None, today: date) -> Told:
        if follow_up is None:
            return Told()
        memory = follow_up.memory
        told = tell(memory, today)
        ask = self.words.suggest(self._occasion(memory), name_it(memory))
        return Told((memory,), (f"{told} {ask}",))

    def _occasion(self, memory: Memory) -> Occasion:
        gently = memory.kind is not Kind.PROMISE and is_hard(memory, self.words.hard)
        return "hard" if gently else _OCCASIONS.get(memory.kind, "event")


def _cost(text: str) -> int:
    return estimate_tokens(text) - estimate_tokens("") + 1
