"""From rows of memories to values, and back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from companion.domain.memories import Kind, Learned, MadeBy, Memory, Quote
from companion.store.sqlite import Database
from companion.store.times import from_text

_SOURCES = """
SELECT s.memory_id, s.message_id, m.conversation_id, s.first_character, s.last_character,
    SUBSTR(m.text, s.first_character + 1, s.last_character - s.first_character) AS words,
    m.created_at
FROM memory_sources AS s JOIN messages AS m ON m.id = s.message_id
WHERE s.memory_id IN (SELECT value FROM json_each(?)) ORDER BY s.id
"""
_INSERT = """
INSERT INTO memories (kind, subject, slot, value, text, made_by, said_at, about_from, about_to,
    confidence)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def select(database: Database, rest: str, values: Sequence[Any] = ()) -> list[Memory]:
    """Return the memories ``SELECT m.* FROM memories AS m <rest>`` finds, without their sources.

    What is told every day has thousands of them.
    """
    found = database.query(f"SELECT m.* FROM memories AS m {rest}", values)
    return [_to_memory(row) for row in found]


def add_sources(database: Database, memories: Sequence[Memory]) -> list[Memory]:
    """Return memories with the places where they were told."""
    found: dict[int, list[Quote]] = {}
    for row in database.query(_SOURCES, [listed(each.id for each in memories)]):
        place = (row["message_id"], row["conversation_id"])
        span = (row["first_character"], row["last_character"])
        quote = Quote(*place, *span, row["words"], from_text(row["created_at"]))
        found.setdefault(row["memory_id"], []).append(quote)
    return [replace(each, sources=tuple(found.get(each.id, ()))) for each in memories]


def insert(database: Database, learned: Learned, made_by: MadeBy, said_at: str) -> int:
    """Insert a memory, and what is asked about it later; return its number."""
    cursor = database.conn.execute(
        _INSERT,
        [
            *(learned.kind, learned.subject, learned.slot, learned.value, learned.text, made_by),
            *(said_at, _day(learned.since), _day(learned.until), learned.confidence),
        ],
    )
    memory_id = cursor.lastrowid or 0
    if learned.due:
        database.conn.execute(
            "INSERT INTO follow_ups (memory_id, due_on) VALUES (?, ?)",
            (memory_id, _day(learned.due)),
        )
    return memory_id


def insert_source(database: Database, memory_id: int, message_id: int, learned: Learned) -> None:
    """Note that a memory was told in a message."""
    database.conn.execute(
        "INSERT OR IGNORE INTO memory_sources "
        "(memory_id, message_id, first_character, last_character, value, text) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (memory_id, message_id, learned.start, learned.end, learned.value, learned.text),
    )


def listed(ids: Iterable[int | str]) -> str:
    """Return numbers or words as a value for ``json_each``."""
    return json.dumps(list(ids))


def _to_memory(row: Mapping[str, Any]) -> Memory:
    closed_at = row["closed_at"]
    return Memory(
        id=row["id"],
        kind=Kind(row["kind"]),
        subject=row["subject"],
        slot=row["slot"],
        value=row["value"],
        text=row["text"],
        made_by=MadeBy(row["made_by"]),
        said_at=from_text(row["said_at"]),
        since=_to_day(row["about_from"]),
        until=_to_day(row["about_to"]),
        confidence=row["confidence"],
        pinned=bool(row["pinned"]),
        closed_at=from_text(closed_at) if closed_at else None,
        replaced_by=row["replaced_by"],
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _to_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
