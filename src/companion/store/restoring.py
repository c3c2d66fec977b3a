"""Taking back what an export holds: every row once, whatever number it had there."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from companion.domain.errors import ImportFormatError
from companion.domain.records import Record
from companion.domain.taking_in import Restored
from companion.store.branches import move_head
from companion.store.connecting import sqlite_errors
from companion.store.database import Store
from companion.store.exporting import find_columns
from companion.store.sqlite import Database
from companion.store.tables import CONVERSATIONS, MESSAGES, TABLES, Table

_BY_KIND = {table.kind: table for table in TABLES}
# Numbers only, and gone with the transaction: nothing of it outlives the import.
_NUMBERS = """
CREATE TEMP TABLE numbers (
    name TEXT NOT NULL, there INTEGER NOT NULL, here INTEGER NOT NULL,
    PRIMARY KEY (name, there), UNIQUE (name, here)
) WITHOUT ROWID
"""
_LATER = "CREATE TEMP TABLE later (name TEXT, field TEXT, here INTEGER, there INTEGER)"
_RESOLVE = """
SELECT later.here, numbers.here FROM later LEFT JOIN numbers
ON numbers.name = ? AND numbers.there = later.there WHERE later.name = ? AND field = ?
"""
_ANSWERED = """
UPDATE messages SET status = 'answered' WHERE status = 'unanswered' AND EXISTS (
    SELECT 1 FROM messages AS reply
    WHERE reply.parent_id = messages.id AND reply.status IN ('complete', 'stopped'))
"""
_STRAY = """
SELECT EXISTS (SELECT 1 FROM messages JOIN messages AS parent ON parent.id = messages.parent_id
    WHERE messages.conversation_id <> parent.conversation_id)
OR EXISTS (SELECT 1 FROM conversations JOIN messages ON messages.id = head_id
    WHERE conversation_id <> conversations.id)
"""
_CONTRADICTS = (
    "The file contradicts itself or what is here ({why}). Nothing was imported; export it anew."
)


class SqliteRestorer:
    """``protocols.Restorer`` in SQLite."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def restore(self, records: Iterable[Record]) -> Restored:
        """Keep what is not here yet, all of it or nothing."""
        with self._store.writing() as database:
            try:
                taking = _Taking(database)
                for record in records:
                    taking.take(record)
                taking.finish()
            except sqlite_errors("IntegrityError", OverflowError) as error:
                raise ImportFormatError(_CONTRADICTS.format(why=error)) from error
        self._store.shorten_log()
        return Restored(dict(taking.added), taking.known.total())


class _Taking:
    """Takes rows inside one transaction. What it holds does not grow with the file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection = database.conn
        self.added: Counter[str] = Counter()
        self.known: Counter[str] = Counter()
        self._connection.execute(_NUMBERS)
        self._connection.execute(_LATER)
        self._columns = {table.name: find_columns(database, table) for table in TABLES}
        self._before = {
            table.name: self._count(table)
            for table in TABLES
            if table.numbered and self._columns[table.name]
        }

    def take(self, record: Record) -> None:
        """Keep a row, or note that it is here."""
        table = _BY_KIND[record.record]  # type: ignore[attr-defined]
        if not self._columns[table.name]:
            raise ImportFormatError(
                f"This version of Companion keeps no {table.name.replace('_', ' ')}. Update it."
            )
        values = self._translate(table, record)
        if not table.numbered:
            new = self._insert(table, values)
        else:
            new = self._take_numbered(table, record, values)
        (self.added if new else self.known)[table.kind] += 1

    def finish(self) -> None:
        """Join what refers to later rows, and bring the rest up to date."""
        self._resolve("memories", "replaced_by", "memories")
        for conversation_id, head in self._later("conversations", "head_id", "messages"):
            move_head(self._database, conversation_id, head)
        self._connection.execute(_ANSWERED)
        if self._connection.execute(_STRAY).fetchone()[0]:
            raise ImportFormatError(_CONTRADICTS.format(why="a message belongs elsewhere"))
        if self.added[MESSAGES.kind]:
            # What they tell was noticed where they come from.
            self._connection.execute(
                "UPDATE noticing SET (read_up_to, thought_up_to) = "
                "(SELECT MAX(id), MAX(id) FROM messages)"
            )
        self._connection.execute("DROP TABLE temp.numbers")
        self._connection.execute("DROP TABLE temp.later")

    def _count(self, table: Table) -> int:
        row = self._connection.execute(
            f"SELECT MAX(IFNULL((SELECT MAX(id) FROM {table.name}), 0), IFNULL("
            "(SELECT seq FROM sqlite_sequence WHERE name = ?), 0))",
            (table.name,),
        ).fetchone()
        return int(row[0])

    def _translate(self, table: Table, record: Record) -> dict[str, Any]:
        """Return the columns of a row, with the numbers that hold here."""
        fields = record.model_dump()
        values = {name: fields[name] for name in self._columns[table.name]}
        for name in table.structured:
            values[name] = json.dumps(values[name], ensure_ascii=False)
        for name, other in table.refs.items():
            if values[name] is not None:
                values[name] = self._find_number(other, values[name], table.kind)
        for name in table.later:
            values[name] = None
        return values

    def _find_number(self, name: str, there: int, kind: str) -> int:
        row = self._connection.execute(
            "SELECT here FROM numbers WHERE name = ? AND there = ?", (name, there)
        ).fetchone()
        if row is None:
            raise ImportFormatError(
                _CONTRADICTS.format(why=f"a {kind} refers to number {there} of {name}, not there")
            )
        return int(row[0])

    def _take_numbered(self, table: Table, record: Record, values: dict[str, Any]) -> bool:
        there = values["id"]
        here = self._find_known(table, values)
        new = here is None
        if here is None:
            values["id"] = here = there + self._before[table.name]
            self._insert(table, values)
        elif table.fills:
            self._fill(table, here, values)
        self._connection.execute("INSERT INTO numbers VALUES (?, ?, ?)", (table.name, there, here))
        if new or (table is CONVERSATIONS and self._renew(here, values)):
            for name in table.later:
                if (later := getattr(record, name)) is not None:
                    row = (table.name, name, here, later)
                    self._connection.execute("INSERT INTO later VALUES (?, ?, ?, ?)", row)
        return new

    def _find_known(self, table: Table, values: Mapping[str, Any]) -> int | None:
        """Return the row that says the same; of two such rows the second is the second one."""
        before = self._before[table.name]
        if not before:
            return None
        first, *others = table.key
        same = " AND ".join([f"{first} IS :{first}", *(f"+{name} IS :{name}" for name in others)])
        row = self._connection.execute(
            f"SELECT id FROM {table.name} WHERE {same} AND +id <= :before AND NOT EXISTS ("
            f"SELECT 1 FROM numbers WHERE name = '{table.name}' AND here = {table.name}.id) "
            "ORDER BY +id LIMIT 1",
            {**values, "before": before},
        ).fetchone()
        return int(row[0]) if row else None

    def _insert(self, table: Table, values: Mapping[str, Any]) -> bool:
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        cursor = self._connection.execute(
            f"INSERT INTO {table.name} ({names}) VALUES ({marks})"
            + ("" if table.numbered else " ON CONFLICT DO NOTHING"),
            values,
        )
        return cursor.rowcount == 1

    def _fill(self, table: Table, here: int, values: Mapping[str, Any]) -> None:
        change = ", ".join(f"{name} = IFNULL({name}, :{name})" for name in table.fills)
        self._connection.execute(
            f"UPDATE {table.name} SET {change} WHERE id = :here", {**values, "here": here}
        )

    def _renew(self, here: int, values: Mapping[str, Any]) -> bool:
        """Let a conversation go on as it did where it was used last."""
        changed = self._connection.execute(
            "UPDATE conversations SET title = :title, updated_at = :updated_at "
            "WHERE id = :here AND updated_at < :updated_at",
            {**values, "here": here},
        )
        return changed.rowcount == 1

    def _resolve(self, name: str, field: str, other: str) -> None:
        self._connection.executemany(
            f"UPDATE {name} SET {field} = ? WHERE id = ? AND {field} IS NULL",
            [(there, here) for here, there in self._later(name, field, other)],
        )

    def _later(self, name: str, field: str, other: str) -> list[tuple[int, int]]:
        rows = self._connection.execute(_RESOLVE, (other, name, field)).fetchall()
        if any(there is None for _, there in rows):
            raise ImportFormatError(_CONTRADICTS.format(why=f"a {field} is not there"))
        return rows
