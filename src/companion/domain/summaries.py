"""Summaries: what a stretch of a conversation, or some weeks, told. Never the only copy."""

from dataclasses import dataclass
from datetime import datetime

from companion.domain.memories import MadeBy
from companion.domain.message import Message

STRETCH = 16
"""So many messages of a conversation are summed up at a time, once, and never again."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is summed up at a time: the messages from ``first_id`` to ``last_id``.

    Those that are forgotten, withheld or imported are not among ``messages``.
    """

    conversation_id: int
    first_id: int
    last_id: int
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence, and the user's messages that say it, by number."""

    text: str
    turns: tuple[int, ...]

    @property
    def source(self) -> str:
        """Where it comes from, for a reader."""
        if not self.turns:
            return "written by you"
        what = "message" if len(self.turns) == 1 else "messages"
        return f"{what} {', '.join(map(str, self.turns))}"


@dataclass(frozen=True, slots=True)
class Summary:
    """What the messages from ``first_id`` to ``last_id`` told, the most telling first.

    Sentences made by rules are the user's own words, those of a language model speak of the
    user as "they". A reflection, over all conversations, has no ``conversation_id``.
    """

    conversation_id: int | None
    first_id: int
    last_id: int
    at: datetime
    made_by: MadeBy
    sentences: tuple[Cited, ...]
