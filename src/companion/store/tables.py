"""What an export takes from the database: one entry a table.

Of the rest, ``writer_pid`` is of this machine, ``on_branch`` and the full-text index follow
from the other columns, and ``noticing`` is set anew when messages are taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from companion.domain import memory_records as more
from companion.domain import records
from companion.domain.records import Record

_OF_MESSAGE = "message_id IN (SELECT id FROM messages WHERE conversation_id = ?)"


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its records, and how its rows are told apart where numbers differ.

    ``refs`` are columns that hold a number of another table, ``later`` those of them whose
    row comes after this one. ``key`` begins with the column that is best looked up. A row
    that is here already stays as it is, but for ``fills``: those are taken over where they
    are empty. ``of_conversation`` finds the rows of one conversation, ``apart`` those that
    belong to none. ``order`` is that of the rows.
    """

    name: str
    record: type[Record]
    key: tuple[str, ...]
    refs: Mapping[str, str] = field(default_factory=dict)
    later: Mapping[str, str] = field(default_factory=dict)
    structured: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    of_conversation: str = ""
    apart: str = "TRUE"
    order: str = "id"

    @property
    def numbered(self) -> bool:
        """Whether rows have a number of their own."""
        return "id" in self.record.model_fields

    @property
    def kind(self) -> str:
        """What a line says it is."""
        return str(self.record.model_fields["record"].default)

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that a record may have."""
        return tuple(name for name in self.record.model_fields if name != "record")


_CONVERSATION = {"conversation_id": "conversations"}
_MESSAGE = {"message_id": "messages"}

CONVERSATIONS = Table(
    *("conversations", records.ConversationRecord, ("created_at", "persona")),
    later={"head_id": "messages"},
    of_conversation="id = ?",
    apart="",
)
MESSAGES = Table(
    "messages",
    records.MessageRecord,
    ("created_at", "conversation_id", "parent_id", "role", "text"),
    _CONVERSATION | {"parent_id": "messages"},
    of_conversation="conversation_id = ?",
    apart="",
)
TABLES = (
    CONVERSATIONS,
    Table(
        *("imported_conversations", records.ImportedConversationRecord, ("conversation_id",)),
        _CONVERSATION,
        of_conversation="conversation_id = ?",
        apart="",
        order="conversation_id",
    ),
    Table(
        *("speakers", records.SpeakerRecord, ("name", "conversation_id"), _CONVERSATION),
        of_conversation="conversation_id = ?",
        apart="",
        order="name",
    ),
    MESSAGES,
    Table(
        *("reply_chunks", records.ReplyChunksRecord, ("message_id",), _MESSAGE),
        structured=("chunks",),
        of_conversation=_OF_MESSAGE,
        apart="",
        order="message_id",
    ),
    Table(
        *("imported_messages", records.ImportedMessageRecord, ("message_id",)),
        _MESSAGE | _CONVERSATION,
        of_conversation="conversation_id = ?",
        apart="",
        order="message_id",
    ),
    Table(
        *("drafts", records.DraftRecord, ("conversation_id",), _CONVERSATION),
        of_conversation="conversation_id = ?",
        apart="",
        order="conversation_id",
    ),
    Table(
        *("user_names", records.UserNameRecord, ("message_id", "name"), _MESSAGE),
        of_conversation=_OF_MESSAGE,
        apart="",
    ),
    Table(
        *("guidance", records.GuidanceRecord, ("message_id",), _MESSAGE),
        structured=("exemplars",),
        of_conversation=_OF_MESSAGE,
        apart="",
        order="message_id",
    ),
    Table(
        *("screenings", more.ScreeningRecord, ("message_id",), _MESSAGE),
        of_conversation=_OF_MESSAGE,
        apart="",
        order="message_id",
    ),
    Table("journal", records.JournalRecord, ("at", "text")),
    Table(
        "moods",
        records.MoodRecord,
        ("at", "message_id", "journal_id", "source", "word", "evidence"),
        _MESSAGE | {"journal_id": "journal"},
        structured=("labels", "emotions", "evidence"),
        of_conversation=_OF_MESSAGE,
        apart="message_id IS NULL",
    ),
    Table(
        "memories",
        more.MemoryRecord,
        ("kind", "subject", "slot", "value", "text", "made_by"),
        {"closed_by": "messages"},
        later={"replaced_by": "memories"},
        fills=("closed_at", "closed_by"),
    ),
    Table(
        *("memory_sources", more.MemorySourceRecord, ("memory_id", "message_id")),
        {"memory_id": "memories"} | _MESSAGE,
    ),
    Table(
        *("memory_uses", more.MemoryUseRecord, ("memory_id", "message_id")),
        {"memory_id": "memories"} | _MESSAGE,
        order="message_id, memory_id",
    ),
    Table(
        *("told_memories", more.ToldMemoriesRecord, ("message_id",), _MESSAGE),
        order="message_id",
    ),
    Table(
        *("follow_ups", more.FollowUpRecord, ("memory_id",)),
        {"memory_id": "memories", "asked_in": "messages"},
        fills=("asked_at", "asked_in", "settled_at"),
    ),
    Table(
        "recalled",
        more.RecalledRecord,
        ("message_id", "turn_id"),
        _MESSAGE | {"turn_id": "messages"},
        order="message_id, place, turn_id",
    ),
    Table("told_turns", more.ToldTurnsRecord, ("message_id",), _MESSAGE, order="message_id"),
    Table(
        "summaries",
        more.SummaryRecord,
        ("first_id", "last_id", "at", "made_by", "conversation_id"),
        _CONVERSATION | {"first_id": "messages", "last_id": "messages"},
    ),
    Table(
        *("summary_sentences", more.SummarySentenceRecord, ("summary_id", "place")),
        {"summary_id": "summaries"},
    ),
    Table(
        *("summary_sources", more.SummarySourceRecord, ("sentence_id", "message_id")),
        {"sentence_id": "summary_sentences"} | _MESSAGE,
        order="sentence_id, message_id",
    ),
    Table("safety_counts", more.SafetyCountRecord, ("day", "tier", "card")),
    Table("safety_plan", more.SafetyPlanRecord, ("part",), order="part"),
)
"""Every table of an export, in the order in which rows may refer to each other."""
