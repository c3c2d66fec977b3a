"""Vectors of what was said, as a sentence encoder made them."""

import json
from collections.abc import Iterable, Mapping

from companion.domain.memory import Turn
from companion.store.database import Store
from companion.store.turn_index import COUNTS, TURNS, to_turn

_MISSING = f"""
{TURNS} LEFT JOIN vectors AS v ON v.message_id = m.id AND v.encoder = ?
WHERE v.message_id IS NULL AND {COUNTS} ORDER BY m.id DESC LIMIT ?
"""


class SqliteVectorShelf:
    """``protocols.VectorShelf`` in SQLite. A vector goes when its message does."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def vectors(self, encoder: str, ids: Iterable[int]) -> dict[int, bytes]:
        """Return the vectors of those turns that have one."""
        query = (
            "SELECT message_id, vector FROM vectors WHERE encoder = ? "
            "AND message_id IN (SELECT value FROM json_each(?))"
        )
        with self._store.reading() as database:
            rows = database.conn.execute(query, (encoder, json.dumps(list(ids)))).fetchall()
        return dict(rows)

    def without_vector(self, encoder: str, limit: int) -> list[Turn]:
        """Return turns that have none yet, the latest first."""
        with self._store.reading() as database:
            rows = database.conn.execute(_MISSING, (encoder, limit)).fetchall()
        return [to_turn(row) for row in rows]

    def keep(self, encoder: str, vectors: Mapping[int, bytes]) -> None:
        """Keep vectors of turns; of those that were erased meanwhile, none."""
        rows = [(encoder, vector, turn_id) for turn_id, vector in vectors.items()]
        with self._store.writing() as database:
            database.conn.executemany(
                "INSERT OR REPLACE INTO vectors (encoder, vector, message_id) "
                "SELECT ?, ?, id FROM messages WHERE id = ?",
                rows,
            )
