"""From database rows to values."""

from collections.abc import Mapping
from typing import Any

from companion.domain.message import ConversationSummary, Message, Role, Status, Timings
from companion.store.times import from_text

# A turn reads up to 400 messages: an enumeration takes five times as long to find its member.
_ROLES = {role.value: role for role in Role}
_STATUSES = {status.value: status for status in Status}
_UNKNOWN = (None,) * 4
_UNTIMED = Timings(*_UNKNOWN)


def to_message(row: Mapping[str, Any]) -> Message:
    """Return the message in a row of ``messages``."""
    return Message(
        id=row["id"],
        conversation_id=row["conversation_id"],
        parent_id=row["parent_id"],
        depth=row["depth"],
        role=_ROLES[row["role"]],
        text=row["text"],
        status=_STATUSES[row["status"]],
        created_at=from_text(row["created_at"]),
        note=row["note"],
        backend=row["backend"],
        model=row["model"],
        error=row["error"],
        timings=_to_timings(row),
        prompt_hash=row["prompt_hash"] or "",
        ended_at=from_text(row["ended_at"]) if row["ended_at"] else None,
    )


def _to_timings(row: Mapping[str, Any]) -> Timings:
    seconds = (row["first_token_seconds"], row["total_seconds"])
    kept = (*seconds, row["prompt_tokens"], row["reply_tokens"])
    return _UNTIMED if kept == _UNKNOWN else Timings(*kept)


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
