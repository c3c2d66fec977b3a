"""Memories: what the user told of their life, where it came from, what became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

LONGEST_MEMORY = 300
"""Characters of a memory that the user writes: it is a sentence."""


class Kind(StrEnum):
    """What a memory is of."""

    PERSON = "person"
    WORK = "work"
    PLACE = "place"
    LIKE = "like"
    DISLIKE = "dislike"
    FACT = "fact"
    BIRTHDAY = "birthday"
    EVENT = "event"
    PLAN = "plan"
    WORRY = "worry"
    PROMISE = "promise"
    WISH = "wish"


class MadeBy(StrEnum):
    """Who made a memory: the rules of noticing, a language model, or the user by hand."""

    RULES = "rules"
    LLM = "llm"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Learned:
    """Something that a message tells, before it is kept.

    ``text`` is a whole sentence about the user as "they". ``subject`` is whom or what it is
    about, empty for the user. ``slot`` is the question that it answers and ``value`` the
    answer: a later answer closes an earlier one, and those to the slots in ``closes``.
    ``start`` and ``end`` are the span of the message, in characters. ``since`` and ``until``
    are days, both included. From ``due`` on she may ask what became of it.
    """

    kind: Kind
    subject: str
    slot: str
    value: str
    text: str
    start: int = 0
    end: int = 0
    since: date | None = None
    until: date | None = None
    due: date | None = None
    closes: tuple[str, ...] = ()
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class Brought:
    """A memory from a file: a sentence of the user, or ``learned`` where all is known of it."""

    text: str = ""
    learned: Learned | None = None
    at: datetime | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many memories of a file are new, the same here, and here in other words."""

    added: int
    known: int
    different: int


@dataclass(frozen=True, slots=True)
class Quote:
    """The words that a memory came from: a span of a message, letter for letter."""

    message_id: int
    conversation_id: int
    start: int
    end: int
    text: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """Something that is remembered. The fields of ``Learned`` mean the same here.

    ``said_at`` is when it was told last, ``sources`` are the places where, the first one
    first, if they were asked for; a memory that the user wrote by hand has none. A memory
    with ``closed_at`` held until then and no longer does; ``replaced_by`` is the one that
    holds instead.
    """

    id: int
    kind: Kind
    subject: str
    slot: str
    value: str
    text: str
    made_by: MadeBy
    said_at: datetime
    since: date | None = None
    until: date | None = None
    confidence: float = 0.9
    pinned: bool = False
    closed_at: datetime | None = None
    replaced_by: int | None = None
    sources: tuple[Quote, ...] = ()

    @property
    def current(self) -> bool:
        """Whether it still holds, as far as is known."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep something new; ``replaces`` are the memories that it closes."""

    learned: Learned
    replaces: tuple[int, ...] = ()
    made_by: MadeBy = MadeBy.RULES


@dataclass(frozen=True, slots=True)
class Confirm:
    """Something known was told again."""

    memory_id: int
    learned: Learned


@dataclass(frozen=True, slots=True)
class Close:
    """Something known no longer holds since ``at``."""

    memory_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Settle:
    """What became of something is told: there is no need to ask."""

    memory_id: int


@dataclass(frozen=True, slots=True)
class Asked:
    """She asked what became of something; she does not ask again."""

    memory_id: int


Change = Keep | Confirm | Close | Settle | Asked
"""What a message does to what is remembered."""


@dataclass(frozen=True, slots=True)
class Use:
    """A memory went into the prompt that answered a message."""

    message_id: int
    conversation_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something to ask about once, from the day ``due`` on."""

    id: int
    memory: Memory
    due: date


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a wish to forget did: memories erased, messages that no longer come to mind."""

    memories: int
    messages: int
