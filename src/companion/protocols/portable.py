"""The seams to exporting, restoring and erasing what is kept. Calls block."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

from companion.domain.erasing import Erased
from companion.domain.taking_in import Restored

if TYPE_CHECKING:
    from companion.domain.records import Record


class Exporter(Protocol):
    """Gives everything that is kept."""

    def records(self) -> "Iterator[Record]":
        """Yield everything as it is at one moment, whatever is written meanwhile.

        Conversation by conversation, then what belongs to none. Raises ``StoreError``.
        """
        ...


class Restorer(Protocol):
    """Takes back what an export holds."""

    def restore(self, records: "Iterable[Record]") -> Restored:
        """Keep what is not here yet, all of it or nothing.

        In a home that is empty every number stays the same. Raises ``StoreError``,
        ``ImportFormatError`` and whatever ``records`` raises.
        """
        ...


class Eraser(Protocol):
    """Erases so that no byte stays in the file, its indexes or its log."""

    def look_up(self, *, conversation: int | None = None, memory: int | None = None) -> None:
        """Raise ``StoreError`` for a conversation or a memory that is not there."""
        ...

    def erase_everything(self) -> Erased:
        """Erase all that is known about the user. Raises ``StoreError``."""
        ...

    def erase_conversation(self, conversation_id: int) -> Erased:
        """Erase a conversation and what was learned from it. Raises ``StoreError``."""
        ...

    def erase_memory(self, memory_id: int) -> Erased:
        """Erase a memory, those that it replaced, and the words they came from.

        Raises ``StoreError`` if there is no such memory.
        """
        ...
