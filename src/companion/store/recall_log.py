"""What came back to mind with each message."""

import json
from collections.abc import Iterable, Sequence

from companion.domain.memory import MemoryKind, Recalled
from companion.domain.message import Role
from companion.store.database import Store
from companion.store.times import from_text

_OF_MESSAGE = """
SELECT m.id, m.conversation_id, m.role, m.text, m.created_at, r.speaker, r.score, r.tie,
    IFNULL(i.source_id, m.id) AS source_id, IFNULL(c.name, m.conversation_id) AS conversation,
    IFNULL(i.speaker, '') <> '' AS named
FROM recalled AS r JOIN messages AS m ON m.id = r.turn_id
LEFT JOIN imported_messages AS i ON i.message_id = m.id
LEFT JOIN imported_conversations AS c ON c.conversation_id = m.conversation_id
WHERE r.message_id = ? ORDER BY r.place
"""
# A promise that was kept makes nothing untrue. What else such a turn told is a memory.
# Before a move every turn that names the old town speaks of it as of home.
_OUTDATED = """
SELECT s.message_id FROM json_each(:ids) AS turn
CROSS JOIN memory_sources AS s ON s.message_id = turn.value
CROSS JOIN memories AS m ON m.id = s.memory_id
WHERE m.kind <> 'promise' AND m.closed_at IS NOT NULL
UNION
SELECT t.id FROM memories AS m CROSS JOIN json_each(:ids) AS turn
CROSS JOIN messages AS t ON t.id = turn.value AND t.created_at < m.closed_at
WHERE m.kind IN ('place', 'work') AND m.subject = '' AND instr(lower(t.text), lower(m.value))
"""


class SqliteRecallLog:
    """``protocols.RecallLog`` in SQLite."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, message_id: int, recalled: Sequence[Recalled], words: str) -> None:
        """Keep what came back with a message and the words of its note that tell it."""
        rows = [
            (message_id, item.message_id, place, item.score, item.tie, item.speaker)
            for place, item in enumerate(recalled)
        ]
        with self._store.writing() as database:
            connection = database.conn
            connection.execute("DELETE FROM recalled WHERE message_id = ?", (message_id,))
            connection.executemany("INSERT INTO recalled VALUES (?, ?, ?, ?, ?, ?)", rows)
            connection.execute(
                "INSERT OR REPLACE INTO told_turns VALUES (?, ?)", (message_id, words)
            )

    def of_message(self, message_id: int) -> list[Recalled]:
        """Return what came back with a message, best first."""
        with self._store.reading() as database:
            rows = list(database.query(_OF_MESSAGE, [message_id]))
        return [
            Recalled(
                kind=MemoryKind.TURN,
                source_id=str(row["source_id"]),
                conversation=str(row["conversation"]),
                conversation_id=row["conversation_id"],
                message_id=row["id"],
                role=Role(row["role"]),
                speaker=row["speaker"],
                text=row["text"],
                score=row["score"],
                at=from_text(row["created_at"]),
                tie=row["tie"],
                named=bool(row["named"]),
            )
            for row in rows
        ]

    def told_with(self, message_ids: Iterable[int]) -> frozenset[int]:
        """Return the numbers of the turns that came back with any of these messages."""
        query = "SELECT turn_id FROM recalled WHERE message_id IN (SELECT value FROM json_each(?))"
        with self._store.reading() as database:
            rows = database.conn.execute(query, (json.dumps(list(message_ids)),)).fetchall()
        return frozenset(row[0] for row in rows)

    def outdated(self, message_ids: Iterable[int]) -> frozenset[int]:
        """Return those of some turns that tell of something which holds no longer."""
        with self._store.reading() as database:
            ids = json.dumps(list(message_ids))
            rows = database.conn.execute(_OUTDATED, {"ids": ids}).fetchall()
        return frozenset(row[0] for row in rows)
