"""Messages and conversations as they are kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """Who wrote a message; the values are those of the OpenAI chat protocol."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class Status(StrEnum):
    """How far a message got.

    A user's message is ``unanswered`` until a reply to it is whole. A reply is
    ``writing`` while it streams; ``interrupted`` means that the program ended
    before the reply did.
    """

    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    WRITING = "writing"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a reply that was shown: seconds after the model was asked, and its length."""

    seconds: float
    characters: int


@dataclass(frozen=True, slots=True)
class Timings:
    """How long a reply took. Seconds; ``None`` where it was not reached or not told.

    ``chunks`` are the pieces of its text; messages that are read back come without them.
    """

    first_token: float | None = None
    total: float | None = None
    prompt_tokens: int | None = None
    reply_tokens: int | None = None
    chunks: tuple[Chunk, ...] = ()

    @property
    def tokens_per_second(self) -> float | None:
        """Rate of writing after the first token, or ``None`` if it cannot be told."""
        if self.reply_tokens is None or self.total is None or self.first_token is None:
            return None
        writing = self.total - self.first_token
        return (self.reply_tokens - 1) / writing if writing > 0 < self.reply_tokens - 1 else None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation, linked to the one before it.

    ``depth`` counts the messages before it on its branch. ``note`` is what the
    prompt told the model along with it (the time, say); it is kept so that later
    prompts repeat it letter for letter. ``prompt_hash`` is that of the prompt which a
    reply answers, empty where no model was asked.
    """

    id: int
    conversation_id: int
    parent_id: int | None
    depth: int
    role: Role
    text: str
    status: Status
    created_at: datetime
    note: str = ""
    backend: str | None = None
    model: str | None = None
    error: str | None = None
    timings: Timings = Timings()
    prompt_hash: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation as a list shows it.

    ``head_id`` is the last message of its active branch, ``messages`` the length of
    that branch; ``user_spoke`` counts every branch.
    """

    id: int
    title: str
    persona: str
    created_at: datetime
    updated_at: datetime
    head_id: int | None
    messages: int = 0
    user_spoke: bool = False


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message as the model reads it."""

    role: Role
    content: str
