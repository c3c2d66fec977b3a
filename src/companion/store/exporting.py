"""Reading everything that is kept, for an export."""

import json
from collections.abc import Iterator
from typing import Any

from companion.domain.records import Record
from companion.store.database import Store
from companion.store.sqlite import Database
from companion.store.tables import TABLES, Table


class SqliteExporter:
    """``protocols.Exporter`` in SQLite."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def records(self) -> Iterator[Record]:
        """Yield everything: conversation by conversation, then what belongs to none."""
        with self._store.reading() as database:
            # One snapshot, whatever another program writes meanwhile.
            database.conn.execute("BEGIN")
            try:
                yield from _read_all(database)
            finally:
                database.rollback()


def _read_all(database: Database) -> Iterator[Record]:
    tables = [(table, columns) for table in TABLES if (columns := find_columns(database, table))]
    ids = database.conn.execute("SELECT id FROM conversations ORDER BY id").fetchall()
    for (conversation_id,) in ids:
        for table, columns in tables:
            if table.of_conversation:
                yield from _read(database, table, columns, table.of_conversation, conversation_id)
    for table, columns in tables:
        if table.apart:
            yield from _read(database, table, columns, table.apart)


def find_columns(database: Database, table: Table) -> tuple[str, ...]:
    """Return the columns of a table that a record has, too; none where it does not exist."""
    rows = database.conn.execute("SELECT name FROM pragma_table_info(?)", (table.name,))
    present = {row[0] for row in rows}
    return tuple(name for name in table.fields if name in present)


def _read(
    database: Database, table: Table, columns: tuple[str, ...], which: str, *values: int
) -> Iterator[Record]:
    names = ", ".join(columns)
    query = f"SELECT {names} FROM {table.name} WHERE {which} ORDER BY {table.order}"
    for row in database.conn.execute(query, values):
        fields: dict[str, Any] = dict(zip(columns, row, strict=True))
        for name in table.structured:
            fields[name] = json.loads(fields[name])
        if fields.get("status") == "writing":
            # Whoever reads the file cannot wait for the rest.
            fields["status"] = "interrupted"
        yield table.record.model_validate(fields)
