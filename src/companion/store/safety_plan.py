"""The user's own safety plan."""

from datetime import datetime

from companion.domain.care import PlanPart, SafetyPlan
from companion.store.database import Store
from companion.store.times import to_text


class SqlitePlanBook:
    """``protocols.PlanBook`` in SQLite."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def plan(self) -> SafetyPlan:
        """Return what was written, part by part.

        A part that this version does not know must not keep the others from being shown.
        """
        with self._store.reading() as database:
            rows = database.conn.execute("SELECT part, text FROM safety_plan").fetchall()
        written = dict(rows)
        return {part: written[part.value] for part in PlanPart if part.value in written}

    def write(self, part: PlanPart, text: str, at: datetime) -> None:
        """Put ``text`` in place of what stands in a part; empty text erases it."""
        with self._store.writing() as database:
            database.conn.execute("DELETE FROM safety_plan WHERE part = ?", (part,))
            if text:
                database.conn.execute(
                    "INSERT INTO safety_plan VALUES (?, ?, ?)", (part, text, to_text(at))
                )
        self._store.forget_traces()

    def erase(self) -> None:
        """Erase the whole plan, so that nothing of it stays in the file."""
        with self._store.erasing() as database:
            database.conn.execute("DELETE FROM safety_plan")
