"""Erasing: one transaction, then nothing of it is left in the log either."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from companion.domain.erasing import Erased
from companion.store.clearing import remove
from companion.store.copies import count_copies
from companion.store.database import Store
from companion.store.memories import SqliteMemoryShelf
from companion.store.redacting import redact_memory
from companion.store.sqlite import Database
from companion.store.transcript import SqliteTranscript

_KEPT = ("_sqlite_migrations", "noticing")
_FTS = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)
_LEARNED_THERE = """
SELECT COUNT(*) FROM memories AS m WHERE made_by <> 'user' AND id IN (
    SELECT memory_id FROM memory_sources JOIN messages ON messages.id = message_id
    WHERE conversation_id = :id)
AND NOT EXISTS (SELECT 1 FROM memory_sources AS s JOIN messages ON messages.id = message_id
    WHERE s.memory_id = m.id AND conversation_id <> :id)
"""


class SqliteEraser:
    """``protocols.Eraser`` in SQLite."""

    def __init__(self, store: Store, beside: Iterable[Path] = ()) -> None:
        """``beside`` are files and folders outside that may repeat a little of what was said."""
        self._store = store
        self._beside = tuple(beside)

    def look_up(self, *, conversation: int | None = None, memory: int | None = None) -> None:
        """Raise ``StoreError`` for a conversation or a memory that is not there."""
        if conversation is not None:
            SqliteTranscript(self._store).conversation(conversation)
        if memory is not None:
            SqliteMemoryShelf(self._store).memory(memory)

    def erase_everything(self) -> Erased:
        """Erase all that is known about the user; the schema stays."""
        copies = count_copies(self._store.path)
        with self._store.erasing(anew=True) as database:
            erased = Erased(
                _count(database, "conversations"),
                _count(database, "messages"),
                _count(database, "memories"),
                backups=copies,
            )
            database.conn.execute("PRAGMA defer_foreign_keys = ON")
            indexes = [row[0] for row in database.conn.execute(_FTS)]
            for name in _find_tables(database, indexes):
                database.conn.execute(f'DELETE FROM "{name}"')
            for name in indexes:
                database.conn.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")
            for path in self._beside:
                remove(path)
        return erased

    def erase_conversation(self, conversation_id: int) -> Erased:
        """Erase a conversation and what was learned from it alone."""
        transcript = SqliteTranscript(self._store)
        self.look_up(conversation=conversation_id)
        with self._store.reading() as database:
            query = "SELECT COUNT(*) FROM messages WHERE conversation_id = ?"
            messages = database.conn.execute(query, (conversation_id,)).fetchone()[0]
            learned = database.conn.execute(_LEARNED_THERE, {"id": conversation_id}).fetchone()[0]
        copies = count_copies(self._store.path)
        transcript.delete_conversation(conversation_id)
        return Erased(1, messages, learned, backups=copies)

    def erase_memory(self, memory_id: int) -> Erased:
        """Erase a memory, those that it replaced, and the words they came from."""
        self.look_up(memory=memory_id)
        copies = count_copies(self._store.path)
        with self._store.erasing() as database:
            erased = redact_memory(database, memory_id)
            for name in [row[0] for row in database.conn.execute(_FTS)]:
                # FTS5 notes that words are gone and keeps them until it merges its segments.
                database.conn.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")
        return replace(erased, backups=copies)


def _count(database: Database, name: str) -> int:
    return int(database.conn.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0])


def _find_tables(database: Database, indexes: Iterable[str]) -> list[str]:
    """Return the tables that hold something about the user, without those of the indexes."""
    own = [f"{name}_" for name in indexes]
    return [
        row[0]
        for row in database.conn.execute(_TABLES).fetchall()
        if row[0] not in _KEPT
        and row[0] not in indexes
        and not any(row[0].startswith(prefix) for prefix in own)
    ]
