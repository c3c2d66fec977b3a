"""From database rows to values."""

from collections.abc import Mapping, Sequence
from typing import Any

from companion.domain.message import ConversationSummary, Message, Role, Status, Timings
from companion.store.sqlite import Database
from companion.store.times import from_text

# A turn reads up to 400 messages: an enumeration takes five times as long to find its member.
_ROLES = {role.value: role for role in Role}
_STATUSES = {status.value: status for status in Status}
_UNKNOWN = (None,) * 4
_UNTIMED = Timings(*_UNKNOWN)


MESSAGE = """
m.id, m.conversation_id, m.parent_id, m.depth, m.role, m.text, m.status, m.created_at, m.note,
m.backend, m.model, m.error, m.prompt_hash, m.ended_at,
m.first_token_seconds, m.total_seconds, m.prompt_tokens, m.reply_tokens
"""
"""What ``read_messages`` wants to be selected; ``m`` is the table."""


def read_messages(
    database: Database, query: str, values: Sequence[Any] | Mapping[str, Any] = ()
) -> list[Message]:
    """Return the messages in the rows of a query that selects ``MESSAGE``.

    By place: a turn reads hundreds of them, and names took as long as SQLite.
    """
    return [_to_message(*row) for row in database.conn.execute(query, values)]


def _to_message(
    number: int,
    conversation_id: int,
    parent_id: int | None,
    depth: int,
    role: str,
    text: str,
    status: str,
    created_at: str,
    note: str,
    backend: str | None,
    model: str | None,
    error: str | None,
    prompt_hash: str | None,
    ended_at: str | None,
    *timings: Any,
) -> Message:
    return Message(
        id=number,
        conversation_id=conversation_id,
        parent_id=parent_id,
        depth=depth,
        role=_ROLES[role],
        text=text,
        status=_STATUSES[status],
        created_at=from_text(created_at),
        note=note,
        backend=backend,
        model=model,
        error=error,
        timings=_UNTIMED if timings == _UNKNOWN else Timings(*timings),
        prompt_hash=prompt_hash or "",
        ended_at=from_text(ended_at) if ended_at else None,
    )


def to_conversation(row: Mapping[str, Any]) -> ConversationSummary:
    """Return the conversation in a row of ``conversations`` with a count of messages."""
    return ConversationSummary(
        id=row["id"],
        title=row["title"],
        persona=row["persona"],
        created_at=from_text(row["created_at"]),
        updated_at=from_text(row["updated_at"]),
        head_id=row["head_id"],
        messages=row["messages"],
        user_spoke=bool(row["user_spoke"]),
    )
