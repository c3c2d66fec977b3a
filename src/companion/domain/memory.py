"""What is remembered of what was said."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from companion.domain.message import Role


class MemoryKind(StrEnum):
    """What was recalled; so far only what was said, word for word."""

    TURN = "turn"


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that was said, as recall sees it.

    ``source_id`` and ``conversation`` are the names that an import brought along, else
    our own numbers as text. ``speaker`` is empty where no import named one; then
    ``role`` tells who spoke. ``parent_id`` is the message before it.
    """

    id: int
    conversation_id: int
    parent_id: int | None
    role: Role
    speaker: str
    text: str
    at: datetime
    source_id: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Posting:
    """The turns that have a word in them, the latest first.

    ``ids`` may be cut short; ``frequency`` is how many there are in all, estimated
    where the list is cut (``whole`` is false).
    """

    ids: tuple[int, ...]
    frequency: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Recalled:
    """Something that came back to mind. A higher ``score`` fits the question better.

    Scores compare within one answer only. ``tie`` compares everywhere: 0 where it shares
    no word with the question, 1 and more where it has all of them and few others do.
    ``named`` says that an import told who spoke.
    """

    kind: MemoryKind
    source_id: str
    conversation: str
    conversation_id: int
    message_id: int
    role: Role
    speaker: str
    text: str
    score: float
    at: datetime
    tie: float = 0.0
    named: bool = False


@dataclass(frozen=True, slots=True)
class ForeignTurn:
    """A line of an import: something that was said elsewhere. ``id`` is its name there.

    ``conversation`` is the name of its conversation there, ``title`` what that is called.
    """

    conversation: str
    id: str
    at: datetime
    speaker: str
    role: Role
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: turns that are new, known already, and known in other words."""

    added: int
    known: int
    different: int
