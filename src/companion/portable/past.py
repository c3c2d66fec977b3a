"""What was known before a conversation began, out of everything that is kept."""

from typing import Any, TypeVar

from companion.domain import memory_records as more
from companion.domain import records
from companion.domain.message import Message
from companion.domain.records import Record
from companion.protocols.portable import Exporter

_LEFT_OUT = (records.DraftRecord, more.SafetyPlanRecord)
_Kind = TypeVar("_Kind", bound=Record)


def find_past(kept: Exporter, first: Message, before: str) -> tuple[Record, ...]:
    """Return what was there before a conversation began at ``before``, a moment in UTC.

    ``first`` is its first message. Memories and follow-ups are taken back to what they
    were: what closed, confirmed or settled them later is undone.
    """
    past = _Past(list(kept.records()), first, before)
    return tuple(found for each in past.rows if (found := past.rewind(each)) is not None)


class _Past:
    """Knows which rows were there, and what they were like."""

    def __init__(self, rows: list[Record], first: Message, before: str) -> None:
        self.rows = rows
        self._first_id = first.id
        self._before = before
        self._talks = {
            each.id
            for each in self._all(records.ConversationRecord)
            if each.id != first.conversation_id and each.created_at < before
        }
        messages = self._all(records.MessageRecord)
        self._parents = {each.id: each.parent_id for each in messages}
        self._said = {
            each.id: each.created_at
            for each in messages
            if each.conversation_id in self._talks and each.created_at < before
        }
        self._journal = {each.id for each in self._all(records.JournalRecord) if each.at < before}
        self._sources: dict[int, list[int]] = {}
        for each in self._all(more.MemorySourceRecord):
            self._sources.setdefault(each.memory_id, []).append(each.message_id)
        self._memories = {each.id for each in self._all(more.MemoryRecord) if self._was_known(each)}

        self._summaries = {
            each.id for each in self._all(more.SummaryRecord) if self._was_there(each)
        }
        self._sentences = {
            each.id
            for each in self._all(more.SummarySentenceRecord)
            if each.summary_id in self._summaries
        }

    def rewind(self, record: Record) -> Record | None:
        """Return a row as it was then, nothing where it was not there yet."""
        match record:
            case records.ConversationRecord():
                return self._rewind_talk(record) if record.id in self._talks else None
            case records.MessageRecord():
                return record if record.id in self._said else None
            case records.JournalRecord():
                return record if record.id in self._journal else None
            case more.MemoryRecord():
                return self._rewind_memory(record) if record.id in self._memories else None
            case more.FollowUpRecord() if record.memory_id in self._memories:
                return self._rewind_follow_up(record)
            case more.SummaryRecord():
                return record if record.id in self._summaries else None
            case more.SafetyCountRecord():
                return record if record.day < self._before[:10] else None
        belongs = not isinstance(record, _LEFT_OUT) and self._belongs(record)
        return record if belongs else None

    def _all(self, kind: type[_Kind]) -> list[_Kind]:
        return [each for each in self.rows if isinstance(each, kind)]

    def _belongs(self, record: Record) -> bool:
        """Tell whether all that a row refers to was there."""
        known: dict[str, Any] = {
            "conversation_id": self._talks,
            "message_id": self._said,
            "turn_id": self._said,
            "journal_id": self._journal,
            "memory_id": self._memories,
            "summary_id": self._summaries,
            "sentence_id": self._sentences,
        }
        named = (
            (getattr(record, name), those)
            for name, those in known.items()
            if name in type(record).model_fields
        )
        return all(number is None or number in those for number, those in named)

    def _was_there(self, summary: more.SummaryRecord) -> bool:
        ends = {summary.first_id, summary.last_id}
        return summary.at < self._before and ends <= self._said.keys()

    def _was_known(self, memory: more.MemoryRecord) -> bool:
        sources = self._sources.get(memory.id)
        if sources is None:
            return memory.said_at < self._before
        return any(each in self._said for each in sources)

    def _rewind_talk(self, talk: records.ConversationRecord) -> Record:
        head = talk.head_id
        while head is not None and head not in self._said:
            head = self._parents.get(head)
        return talk.model_copy(update={"head_id": head})

    def _rewind_memory(self, memory: more.MemoryRecord) -> Record:
        changes: dict[str, Any] = {}
        if memory.closed_at is not None and memory.closed_at >= self._before:
            changes |= {"closed_at": None, "closed_by": None, "replaced_by": None}
        elif memory.replaced_by not in self._memories:
            changes["replaced_by"] = None
        sources = self._sources.get(memory.id, [])
        then = [self._said[each] for each in sources if each in self._said]
        if then and memory.said_at >= self._before:
            changes["said_at"] = max(then)
            changes["confidence"] = _doubt(memory.confidence, len(sources) - len(then))
        return memory.model_copy(update=changes)

    def _rewind_follow_up(self, follow_up: more.FollowUpRecord) -> Record:
        changes: dict[str, Any] = {}
        asked = follow_up.asked_at is not None and follow_up.asked_at >= self._before
        # What her first words asked about is asked: they are taken as they were.
        if asked and follow_up.asked_in != self._first_id:
            changes["asked_at"] = None
        if follow_up.asked_in not in self._said:
            changes["asked_in"] = None
        if follow_up.settled_at is not None and follow_up.settled_at >= self._before:
            changes["settled_at"] = None
        return follow_up.model_copy(update=changes)


def _doubt(confidence: float, times: int) -> float:
    """Undo that a memory was confirmed: each time the doubt was halved."""
    return max(0.0, 1 - (1 - confidence) * 2.0**times)
