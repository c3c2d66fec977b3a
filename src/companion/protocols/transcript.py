"""The seam to what was said."""

from datetime import datetime
from typing import Protocol

from companion.domain.message import Chunk, ConversationSummary, Message, Status, Timings


class Transcript(Protocol):
    """Everything that was said, kept. All methods raise ``StoreError``.

    Calls block; the engine makes them in a worker thread.
    """

    def create_conversation(self, persona: str, at: datetime) -> ConversationSummary:
        """Begin an empty conversation."""
        ...

    def conversation(self, conversation_id: int) -> ConversationSummary:
        """Return one conversation. Raises ``StoreError`` if there is none of that id."""
        ...

    def conversations(self, limit: int | None = None) -> list[ConversationSummary]:
        """Return conversations, the most recently used first."""
        ...

    def rename_conversation(self, conversation_id: int, title: str) -> None:
        """Give a conversation a title of the user's own."""
        ...

    def delete_conversation(self, conversation_id: int) -> None:
        """Erase a conversation so that nothing of it stays in the file."""
        ...

    def add_user_message(
        self, conversation_id: int, text: str, note: str, at: datetime, *, parent_id: int | None
    ) -> Message:
        """Keep a user's message as unanswered, at the end of the branch of ``parent_id``."""
        ...

    def add_greeting(self, conversation_id: int, text: str, note: str, at: datetime) -> Message:
        """Keep her first words, in a conversation that has no message yet."""
        ...

    def keep_note(self, message_id: int, note: str) -> None:
        """Keep what the prompt tells the model along with a message."""
        ...

    def begin_reply(
        self, to: Message, backend: str, model: str, prompt_hash: str, at: datetime
    ) -> Message:
        """Open a reply that will be written piece by piece."""
        ...

    def keep_partial(self, message_id: int, text: str) -> None:
        """Keep what has come of a reply so far."""
        ...

    def end_reply(
        self,
        message_id: int,
        text: str,
        status: Status,
        timings: Timings,
        at: datetime,
        error: str | None = None,
    ) -> Message:
        """Close a reply; a complete one marks its question answered, in one transaction."""
        ...

    def message(self, message_id: int) -> Message:
        """Return one message."""
        ...

    def chunks(self, message_id: int) -> tuple[Chunk, ...]:
        """Return the pieces in which a reply came, none where that is not known."""
        ...

    def branch(
        self, conversation_id: int, *, before: int | None = None, limit: int | None = None
    ) -> list[Message]:
        """Return the active branch, oldest first: its last ``limit`` messages.

        With ``before``, those that precede the message of that id on its branch.
        """
        ...

    def choose_head(self, conversation_id: int, message_id: int | None) -> None:
        """Make the branch that ends in ``message_id`` the active one."""
        ...

    def draft(self, conversation_id: int) -> str:
        """Return what the user had typed but not sent."""
        ...

    def save_draft(self, conversation_id: int, text: str, at: datetime) -> None:
        """Keep what the user has typed but not sent; empty text forgets it."""
        ...

    def usual_wait(self, backend: str, model: str) -> float | None:
        """Return the median seconds to the first word over recent replies, if any."""
        ...

    def user_name(self, *, not_from: int | None = None) -> str | None:
        """Return the name by which the user asked to be called, if it is known.

        With ``not_from``, only if it was told in another conversation than that one.
        """
        ...

    def keep_user_name(self, name: str, message_id: int) -> None:
        """Keep the user's name and the message that told it."""
        ...
