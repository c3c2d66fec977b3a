"""Finding what was said, in the full-text index."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from companion.domain.memory import Posting, Turn
from companion.domain.message import Role
from companion.store.database import Store
from companion.store.times import from_text, to_text

_POSTING = "SELECT rowid FROM turns WHERE turns MATCH ? ORDER BY rowid DESC LIMIT ?"
TURNS = """
SELECT m.id, m.conversation_id, m.parent_id, m.role, m.text, m.created_at,
    IFNULL(i.speaker, '') AS speaker, IFNULL(i.source_id, m.id) AS source_id,
    IFNULL(c.name, m.conversation_id) AS conversation
FROM messages AS m
LEFT JOIN imported_messages AS i ON i.message_id = m.id
LEFT JOIN imported_conversations AS c ON c.conversation_id = m.conversation_id
"""
# What was said in danger does not come back to mind by itself.
COUNTS = (
    "m.on_branch AND m.status <> 'writing' AND m.text <> '' AND NOT m.withheld AND NOT m.forgotten"
)


class SqliteTurnIndex:
    """``protocols.TurnIndex`` in SQLite's FTS5. Every call's work is bounded by its limit."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def size(self) -> int:
        """Return about how many turns there are, rather too many than too few."""
        with self._store.reading() as database:
            row = database.conn.execute("SELECT IFNULL(MAX(id), 0) FROM messages").fetchone()
        return int(row[0])

    def speakers(self) -> frozenset[str]:
        """Return the names of those who speak in imported conversations."""
        with self._store.reading() as database:
            rows = database.conn.execute("SELECT DISTINCT name FROM speakers").fetchall()
        return frozenset(row[0] for row in rows)

    def find(self, words: Sequence[Iterable[str]], limit: int) -> Posting:
        """Return the turns that have one of the words of every group."""
        query = " AND ".join(f"({' OR '.join(map(quote, group))})" for group in words)
        with self._store.reading() as database:
            rows = database.conn.execute(_POSTING, (query, limit)).fetchall()
        ids = tuple(row[0] for row in rows)
        if len(ids) < limit:
            return Posting(ids, len(ids), whole=True)
        size = self.size()
        # As dense in the past as in the stretch that was read.
        return Posting(ids, len(ids) * size / max(1, size - ids[-1] + 1), whole=False)

    def said_between(self, since: datetime, until: datetime, limit: int) -> tuple[int, ...]:
        """Return the last turns of a stretch of time; ``until`` is not included."""
        with self._store.reading() as database:
            rows = database.conn.execute(
                f"SELECT id FROM messages AS m WHERE created_at >= ? AND created_at < ? "
                f"AND {COUNTS} ORDER BY created_at DESC, id DESC LIMIT ?",
                (to_text(since), to_text(until), limit),
            ).fetchall()
        return tuple(row[0] for row in rows)

    def turns(self, ids: Iterable[int]) -> list[Turn]:
        """Return the turns of these numbers, in no particular order."""
        return self._select("m.id IN (SELECT value FROM json_each(?))", ids)

    def following(self, ids: Iterable[int]) -> list[Turn]:
        """Return the turns that come right after these."""
        return self._select("m.parent_id IN (SELECT value FROM json_each(?))", ids)

    def _select(self, which: str, ids: Iterable[int]) -> list[Turn]:
        query = f"{TURNS} WHERE {which} AND {COUNTS}"
        with self._store.reading() as database:
            rows = database.conn.execute(query, (json.dumps(list(ids)),)).fetchall()
        return [to_turn(row) for row in rows]


def quote(word: str) -> str:
    """Return a word as an FTS5 string, in which nothing is an operator."""
    return '"' + word.replace("\0", "").replace('"', '""') + '"'


def to_turn(row: tuple[Any, ...]) -> Turn:
    """Return the turn in a row that ``TURNS`` selects."""
    number, conversation_id, parent_id, role, text, at, speaker, source_id, conversation = row
    return Turn(
        *(number, conversation_id, parent_id, Role(role), speaker, text, from_text(at)),
        source_id=str(source_id),
        conversation=str(conversation),
    )
