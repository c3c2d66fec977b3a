"""The seams to memories and to what is asked about later."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from companion.domain.memories import (
    Change,
    FollowUp,
    Forgotten,
    Kind,
    Learned,
    MadeBy,
    Memory,
    Use,
)
from companion.domain.message import Message


class MemoryShelf(Protocol):
    """What is remembered. All methods raise ``StoreError`` and block.

    ``find``, ``always``, ``dated``, ``of_kinds``, ``used_for`` and ``known`` return memories
    without their sources: what is told every day has thousands of them.
    """

    def memory(self, memory_id: int) -> Memory:
        """Return one memory. Raises ``StoreError`` if there is none of that number."""
        ...

    def memories(self, *, closed: bool = False) -> list[Memory]:
        """Return what holds, oldest first; with ``closed``, what once held as well."""
        ...

    def known(self) -> list[Memory]:
        """Return what holds, oldest first, without its sources."""
        ...

    def add_sources(self, memories: Sequence[Memory]) -> list[Memory]:
        """Return memories with their sources."""
        ...

    def history(self, memory_id: int) -> list[Memory]:
        """Return a memory, those that it replaced and those that replaced it, oldest first."""
        ...

    def find(self, words: Iterable[str], limit: int) -> list[Memory]:
        """Return memories that hold and have one of the words (folded), the best first."""
        ...

    def always(self) -> list[Memory]:
        """Return what is told whatever is spoken of: pinned memories and wishes."""
        ...

    def dated(self, since: date, until: date) -> list[Memory]:
        """Return what holds and falls into a stretch of days, and every birthday."""
        ...

    def of_kinds(self, kinds: Collection[Kind], limit: int) -> list[Memory]:
        """Return what holds of some kinds, those told last first."""
        ...

    def told_in(self, message_ids: Collection[int]) -> frozenset[int]:
        """Return the memories that were told with one of these messages, or came from one."""
        ...

    def write(self, learned: Learned, at: datetime, replaces: int | None = None) -> Memory:
        """Keep what the user wrote by hand; it may take the place of another memory."""
        ...

    def together(self) -> AbstractContextManager[object]:
        """Keep all that is written inside, or nothing of it."""
        ...

    def pin(self, memory_id: int, pinned: bool) -> Memory:
        """Let a memory always be told, or only where it matters."""
        ...

    def unread(self, before: int | None = None, limit: int = 20) -> list[Message]:
        """Return messages that nothing was learned from yet, because none looked.

        The oldest first, up to ``before`` (a message, not included). Imported messages are
        left alone: they need not be the user's.
        """
        ...

    def unthought(self, limit: int) -> list[Message]:
        """Return messages of the user that no language model looked at yet, the oldest first.

        Only what the rules have read, and nothing that was withheld.
        """
        ...

    def learn(self, message: Message, changes: Sequence[Change], by: MadeBy = MadeBy.RULES) -> bool:
        """Do what a message does to what is remembered, and mark it as read: all or nothing.

        ``by`` is who has read it: the rules, or a language model. Returns whether that was
        done: not if somebody else read the message meanwhile, nor if it was forgotten or
        changed since a language model read it.
        """
        ...

    def take_back(self, message_id: int) -> None:
        """Undo what was learned from a message which the user says differently now."""
        ...

    def keep_used(self, message_id: int, memory_ids: Collection[int], words: str) -> None:
        """Note which memories were told with a message, and in which ``words`` of its note."""
        ...

    def used_for(self, message_id: int) -> list[Memory]:
        """Return the memories that were told with a message."""
        ...

    def uses(self, memory_id: int) -> list[Use]:
        """Return where a memory was told, the latest first."""
        ...

    def forget(self, memory_ids: Collection[int], message_ids: Collection[int] = ()) -> Forgotten:
        """Erase memories, with what they replaced, so that no byte of them stays.

        The messages that they came from, and ``message_ids``, stay in the history but are
        no longer recalled, nor read by the model.
        """
        ...

    def said_with(self, names: Iterable[Sequence[str]]) -> list[Message]:
        """Return messages of every branch that have all words of one of the names."""
        ...

    def following(self, message_ids: Collection[int]) -> list[Message]:
        """Return the messages that come right after these."""
        ...

    def forgotten(self, conversation_id: int) -> frozenset[int]:
        """Return the messages of a conversation that are not to be recalled."""
        ...


class FollowUps(Protocol):
    """What is asked about once. All methods raise ``StoreError`` and block."""

    def due(self, today: date) -> list[FollowUp]:
        """Return what may be asked now and never was, the latest day first."""
        ...

    def open(self) -> list[FollowUp]:
        """Return everything that was neither asked nor answered, the nearest day first."""
        ...

    def mark_asked(self, follow_up_id: int, message_id: int, at: datetime) -> None:
        """Note that it was asked, in that message of hers; it never is again."""
        ...
