"""Memories, follow-ups and safety as they stand in an export; goes on from ``records``."""

from typing import Annotated, Literal

from pydantic import Field

from companion.domain.memories import Kind, MadeBy
from companion.domain.records import (
    ConversationRecord,
    Day,
    DraftRecord,
    GuidanceRecord,
    ImportedConversationRecord,
    ImportedMessageRecord,
    JournalRecord,
    MessageRecord,
    Moment,
    MoodRecord,
    Number,
    Record,
    ReplyChunksRecord,
    SpeakerRecord,
    UserNameRecord,
)


class MemoryRecord(Record):
    """A memory; one with ``closed_at`` held until then, ``replaced_by`` holds instead."""

    record: Literal["memory"] = "memory"
    id: Number
    kind: Kind
    subject: str
    slot: str
    value: str
    text: str
    made_by: MadeBy
    said_at: Moment
    about_from: Day | None = None
    about_to: Day | None = None
    confidence: float
    pinned: bool = False
    closed_at: Moment | None = None
    closed_by: Number | None = None
    replaced_by: Number | None = None


class MemorySourceRecord(Record):
    """The span of a message (in characters) that a memory came from."""

    record: Literal["memory_source"] = "memory_source"
    id: Number
    memory_id: Number
    message_id: Number
    first_character: int
    last_character: int
    value: str
    text: str


class MemoryUseRecord(Record):
    """A memory was told to the model along with a message."""

    record: Literal["memory_use"] = "memory_use"
    memory_id: Number
    message_id: Number


class ToldMemoriesRecord(Record):
    """The words of a message's note that told memories."""

    record: Literal["told_memories"] = "told_memories"
    message_id: Number
    words: str


class FollowUpRecord(Record):
    """Something to ask about once."""

    record: Literal["follow_up"] = "follow_up"
    id: Number
    memory_id: Number
    due_on: Day
    asked_at: Moment | None = None
    asked_in: Number | None = None
    settled_at: Moment | None = None


class ScreeningRecord(Record):
    """What the crisis screen found in a message."""

    record: Literal["screening"] = "screening"
    message_id: Number
    at: Moment
    tier: Annotated[int, Field(ge=1, le=5)]
    category: str
    evidence: str
    card_shown_at: Moment | None = None
    card_put_aside_at: Moment | None = None


class SafetyCountRecord(Record):
    """A grave message was counted, without what it said."""

    record: Literal["safety_count"] = "safety_count"
    id: Number
    day: Day
    tier: int
    card: int


class SafetyPlanRecord(Record):
    """A part of the user's own safety plan."""

    record: Literal["safety_plan"] = "safety_plan"
    part: str
    text: str
    updated_at: Moment


class RecalledRecord(Record):
    """Something that was said before (``turn_id``) came back to mind with a message."""

    record: Literal["recalled"] = "recalled"
    message_id: Number
    turn_id: Number
    place: int
    score: float
    tie: float
    speaker: str


class ToldTurnsRecord(Record):
    """The words of a message's note that told what came back to mind."""

    record: Literal["told_turns"] = "told_turns"
    message_id: Number
    words: str


class SummaryRecord(Record):
    """Messages were summed up; without a conversation, what was known of the user then."""

    record: Literal["summary"] = "summary"
    id: Number
    conversation_id: Number | None = None
    first_id: Number
    last_id: Number
    at: Moment
    made_by: Literal["rules", "llm"]


class SummarySentenceRecord(Record):
    """A sentence of a summary; ``place`` 0 is the most telling one."""

    record: Literal["summary_sentence"] = "summary_sentence"
    id: Number
    summary_id: Number
    place: int
    text: str


class SummarySourceRecord(Record):
    """A message that bears a sentence of a summary out."""

    record: Literal["summary_source"] = "summary_source"
    sentence_id: Number
    message_id: Number


AnyRecord = Annotated[
    ConversationRecord
    | ImportedConversationRecord
    | SpeakerRecord
    | MessageRecord
    | ReplyChunksRecord
    | ImportedMessageRecord
    | DraftRecord
    | UserNameRecord
    | JournalRecord
    | MoodRecord
    | GuidanceRecord
    | MemoryRecord
    | MemorySourceRecord
    | MemoryUseRecord
    | ToldMemoriesRecord
    | FollowUpRecord
    | RecalledRecord
    | ToldTurnsRecord
    | SummaryRecord
    | SummarySentenceRecord
    | SummarySourceRecord
    | ScreeningRecord
    | SafetyCountRecord
    | SafetyPlanRecord,
    Field(discriminator="record"),
]
"""Any line between the header and the end."""
