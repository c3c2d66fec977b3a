"""What she asks about once."""

from datetime import date, datetime
from typing import Any

from companion.domain.memories import FollowUp
from companion.store.database import Store
from companion.store.memory_rows import listed, select
from companion.store.times import to_text

_OPEN = """
SELECT f.id, f.memory_id, f.due_on FROM follow_ups AS f JOIN memories AS m ON m.id = f.memory_id
WHERE f.asked_at IS NULL AND f.settled_at IS NULL AND m.closed_at IS NULL
"""


class SqliteFollowUps:
    """``protocols.FollowUps`` in SQLite."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def due(self, today: date) -> list[FollowUp]:
        """Return what may be asked now and never was, the latest day first."""
        return self._select("AND f.due_on <= ? ORDER BY f.due_on DESC, f.id DESC", today)

    def open(self) -> list[FollowUp]:
        """Return everything that was neither asked nor answered, the nearest day first."""
        return self._select("ORDER BY f.due_on, f.id")

    def mark_asked(self, follow_up_id: int, message_id: int, at: datetime) -> None:
        """Note that it was asked, in that message of hers; it never is again."""
        with self._store.writing() as database:
            database.conn.execute(
                "UPDATE follow_ups SET asked_at = ?, asked_in = ? WHERE id = ?",
                (to_text(at), message_id, follow_up_id),
            )

    def _select(self, rest: str, *values: Any) -> list[FollowUp]:
        given = [str(value) for value in values]
        with self._store.reading() as database:
            rows = database.conn.execute(f"{_OPEN} {rest}", given).fetchall()
            if not rows:
                return []
            which = "WHERE m.id IN (SELECT value FROM json_each(?))"
            memories = select(database, which, [listed(row[1] for row in rows)])
        known = {memory.id: memory for memory in memories}
        return [FollowUp(row[0], known[row[1]], date.fromisoformat(row[2])) for row in rows]
