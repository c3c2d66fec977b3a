"""Everything that is kept, as it stands in an export: one record a row, one row a line.

The fields are named like the columns of the database. A number (``id``) counts within one
file only; ``conversation_id``, ``message_id`` and the like refer to it. Times are UTC.
docs/memory.md describes the format for people.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

FORMAT = "companion"
VERSION = 1


def _real_moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


def _real_day(text: str) -> str:
    date.fromisoformat(text)
    return text


Moment = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"),
    AfterValidator(_real_moment),
]
"""A time in UTC with microseconds: ``2026-11-25T20:36:02.000000Z``."""

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$"), AfterValidator(_real_day)]
Number = Annotated[int, Field(gt=0, lt=2**53)]


class Record(BaseModel):
    """One row. Unknown fields are an error: nothing is passed over in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HeaderRecord(Record):
    """The first line of an export."""

    record: Literal["header"] = "header"
    format: Literal["companion"] = "companion"
    version: int = VERSION
    program: str
    exported_at: Moment


class EndRecord(Record):
    """The last line: how many records stand between the header and it."""

    record: Literal["end"] = "end"
    records: int


class ConversationRecord(Record):
    """A conversation; ``head_id`` is the last message of the branch that is shown."""

    record: Literal["conversation"] = "conversation"
    id: Number
    title: str
    persona: str
    created_at: Moment
    updated_at: Moment
    head_id: Number | None = None


class ImportedConversationRecord(Record):
    """The name that an imported conversation had elsewhere."""

    record: Literal["imported_conversation"] = "imported_conversation"
    conversation_id: Number
    name: str


class SpeakerRecord(Record):
    """Someone who speaks in an imported conversation."""

    record: Literal["speaker"] = "speaker"
    name: str
    conversation_id: Number


class MessageRecord(Record):
    """A message; messages with the same ``parent_id`` are branches."""

    record: Literal["message"] = "message"
    id: Number
    conversation_id: Number
    parent_id: Number | None = None
    depth: int
    role: Literal["user", "assistant"]
    text: str
    note: str = ""
    status: Literal["unanswered", "answered", "complete", "stopped", "failed", "interrupted"]
    created_at: Moment
    ended_at: Moment | None = None
    error: str | None = None
    backend: str | None = None
    model: str | None = None
    prompt_hash: str | None = None
    first_token_seconds: float | None = None
    total_seconds: float | None = None
    prompt_tokens: int | None = None
    reply_tokens: int | None = None
    forgotten: bool = False
    withheld: bool = False


class ReplyChunksRecord(Record):
    """The pieces in which a reply came: seconds after the model was asked, and characters."""

    record: Literal["reply_chunks"] = "reply_chunks"
    message_id: Number
    chunks: list[tuple[float, int]]


class ImportedMessageRecord(Record):
    """The name that an imported message had elsewhere, and who said it."""

    record: Literal["imported_message"] = "imported_message"
    message_id: Number
    conversation_id: Number
    source_id: str
    speaker: str


class DraftRecord(Record):
    """What was typed in a conversation and not sent."""

    record: Literal["draft"] = "draft"
    conversation_id: Number
    text: str
    updated_at: Moment


class UserNameRecord(Record):
    """What the user asked to be called; the last one holds."""

    record: Literal["user_name"] = "user_name"
    id: Number
    name: str
    message_id: Number


class JournalRecord(Record):
    """An entry of the journal."""

    record: Literal["journal"] = "journal"
    id: Number
    at: Moment
    text: str


class MoodRecord(Record):
    """One appraisal of a message or of an entry of the journal, and who made it."""

    record: Literal["mood"] = "mood"
    id: Number
    message_id: Number | None = None
    journal_id: Number | None = None
    source: Literal["model", "llm", "user"]
    at: Moment
    labels: list[str]
    emotions: dict[str, float]
    valence: float
    arousal: float
    dominance: float
    intensity: float
    confidence: float
    evidence: list[str]
    known: bool
    word: str = ""


class ExemplarRecord(Record):
    """An exchange that was shown to the model as an example."""

    feeling: str
    strategy: str
    user: str
    reply: str


class GuidanceRecord(Record):
    """What guided the reply to a message."""

    record: Literal["guidance"] = "guidance"
    message_id: Number
    strategy: Literal[
        "ask",
        "reflect",
        "affirm",
        "sit",
        "celebrate",
        "inform",
        "suggest",
        "lighten",
        "weigh",
    ]
    stage: Literal["explore", "comfort", "act"]
    reason: str
    mood: str
    exemplars: list[ExemplarRecord]
    unsure: bool
