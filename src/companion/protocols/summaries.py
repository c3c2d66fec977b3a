"""The seam to summaries."""

from collections.abc import Collection, Sequence
from typing import Protocol

from companion.domain.memories import MadeBy
from companion.domain.message import Message
from companion.domain.summaries import Stretch, Summary


class SummaryShelf(Protocol):
    """What was summed up. All methods raise ``StoreError`` and block.

    Where one of the messages is erased, forgotten, withheld, reworded or said differently,
    every summary for which it was read goes.
    """

    def of_conversation(self, conversation_id: int, limit: int | None = None) -> list[Summary]:
        """Return the (last) summaries of a conversation, one a stretch, in the talk's order."""
        ...

    def next_stretch(self, conversation_id: int, made_by: MadeBy) -> Stretch | None:
        """Return the latest stretch that was not summed up so; the talk has gone on after it."""
        ...

    def rest(self, conversation_id: int) -> list[Message]:
        """Return the messages of a conversation that may be read and are in no summary."""
        ...

    def latest(self, limit: int) -> list[Summary]:
        """Return the last summaries of any conversations, the latest first."""
        ...

    def readable(self, message_ids: Collection[int]) -> list[Message]:
        """Return those of some messages that may be read for a summary, oldest first."""
        ...

    def reflection(self) -> Summary | None:
        """Return what was last thought about the user, if anything was."""
        ...

    def keep(self, summary: Summary, read: Sequence[Message]) -> bool:
        """Keep a summary for which the messages ``read`` were read.

        A reflection takes the place of the one before. Returns whether it was kept: not if
        one of the messages is not any more what it was when it was read.
        """
        ...
