"""Opening the one SQLite file.

WAL keeps readers and one writer out of each other's way; ``synchronous=FULL``
makes what was accepted survive a power cut, too; ``secure_delete`` overwrites
what is erased.
"""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from companion.domain.errors import StoreError
from companion.locations import make_private
from companion.store.clearing import remove
from companion.store.connecting import connect, sqlite_errors
from companion.store.copies import drop_copies
from companion.store.keys import Keys
from companion.store.migrations import (
    m0001_conversations,
    m0002_moods,
    m0003_recall,
    m0004_memories,
    m0005_safety,
    m0006_recalled,
    m0007_summaries,
    m0008_reply_chunks,
)
from companion.store.refusals import explaining
from companion.store.sqlite import Database, Migrations, QuickDatabase

BUSY_SECONDS = 5.0
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)
_FLEETING = (
    "PRAGMA journal_mode = MEMORY",
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA foreign_keys = ON",
)

MIGRATIONS = Migrations("companion")
MIGRATIONS(name="0001_conversations")(m0001_conversations.apply)
MIGRATIONS(name="0002_moods")(m0002_moods.apply)
MIGRATIONS(name="0003_recall")(m0003_recall.apply)
MIGRATIONS(name="0004_memories")(m0004_memories.apply)
MIGRATIONS(name="0005_safety")(m0005_safety.apply)
MIGRATIONS(name="0006_recalled")(m0006_recalled.apply)
MIGRATIONS(name="0007_summaries")(m0007_summaries.apply)
MIGRATIONS(name="0008_reply_chunks")(m0008_reply_chunks.apply)


@dataclass(frozen=True, slots=True)
class _Reading(AbstractContextManager[Database]):
    """What ``Store.reading`` gives: without state, so that one serves all."""

    lock: AbstractContextManager[object]
    database: Database
    explained: AbstractContextManager[object]

    def __enter__(self) -> Database:
        self.lock.__enter__()
        return self.database

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.lock.__exit__(kind, error, traceback)
        self.explained.__exit__(kind, error, traceback)


class Store:
    """An open database, usable from several threads, one at a time.

    Raises ``StoreError`` where SQLite or the file system refuse, ``LockedError`` where the
    file is locked and ``keys`` do not open it.
    """

    def __init__(
        self,
        path: Path,
        keys: Keys | None = None,
        *,
        durable: bool = True,
        quoting: Iterable[Path] = (),
    ) -> None:
        """With ``durable`` false, what is written may be lost with the power.

        ``quoting`` are folders outside that repeat so much of what was said that they are
        emptied with whatever is erased.
        ``undone`` counts transactions that were taken back: numbers that were given in
        one are given again.
        """
        self.path = path
        self._quoting = tuple(quoting)
        self._lock = threading.RLock()
        self.undone = 0
        with self.explained():
            self.database = _open(path, keys or Keys(), _PRAGMAS if durable else _FLEETING)
        self._reading = _Reading(self._lock, self.database, self.explained())

    def reading(self) -> AbstractContextManager[Database]:
        """Give the database for reading."""
        return self._reading

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Give the database inside one transaction: all of it is kept, or nothing.

        Inside another one of the same thread it is a part of that.
        """
        with self._lock, self.explained():
            if self.database.conn.in_transaction:
                yield self.database
                return
            self.database.conn.execute("BEGIN IMMEDIATE")
            try:
                yield self.database
                self.database.commit()
            except BaseException:
                self.undone += 1
                self.database.rollback()
                raise

    @contextmanager
    def erasing(self, *, anew: bool = False) -> Iterator[Database]:
        """Give the database inside one transaction after which nothing erased is left.

        Copies that we keep and what quotes it go first, while nobody can make another: a
        crash leaves what was to be erased in the file, as before, but never in a copy
        alone. With ``anew`` the file is written anew, without the room that what was
        erased took up.
        """
        with self.writing() as database:
            drop_copies(self.path)
            for folder in self._quoting:
                with explaining(folder):
                    remove(folder)
            yield database
        if anew:
            with self.reading() as database:
                database.conn.execute("VACUUM")
        self.forget_traces()

    def explained(self) -> AbstractContextManager[None]:
        """Turn what SQLite and the file system say into one line for the user."""
        return explaining(self.path)

    def check(self) -> None:
        """Read the whole file. Raises ``DamagedError`` if it is damaged."""
        with self.reading() as database:
            answer = database.conn.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if answer != "ok":
                raise sqlite3.DatabaseError("malformed")

    def forget_traces(self) -> None:
        """Empty the write-ahead log, so that nothing that was erased stays in it."""
        with self.reading() as database:
            busy = database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise StoreError(
                "It is erased, but another program still reads the old file. "
                "The last traces go when that program is closed and Companion is opened again."
            )

    def shorten_log(self) -> None:
        """Empty the write-ahead log, which is as long as the longest transaction was."""
        with self.reading() as database:
            database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file. May be called twice."""
        with self._lock:
            self.database.close()


def _open(path: Path, keys: Keys, pragmas: Sequence[str]) -> Database:
    make_private(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
    while True:
        there = path.stat().st_ino
        try:
            return _set_up(path, keys.find(path), pragmas)
        except sqlite_errors():
            # Perhaps it was being locked: then another file has the name by now.
            if path.stat().st_ino == there:
                raise


def _set_up(path: Path, key: str, pragmas: Sequence[str]) -> Database:
    connection = connect(path, key, BUSY_SECONDS)
    try:
        for pragma in pragmas:
            connection.execute(pragma)
        database = QuickDatabase(connection)
        _migrate(database)
        _clear_log(connection, path)
    except BaseException:
        connection.close()
        raise
    return database


def _clear_log(connection: sqlite3.Connection, path: Path) -> None:
    """Empty a log that a program left which died, perhaps just after it had erased.

    Another program that is alive may need it; then it is left alone.
    """
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def refuse_newer(database: Database) -> None:
    """Raise ``StoreError`` for a database that a newer version of Companion has changed."""
    newer = {m.name for m in MIGRATIONS.applied(database)} - {
        m.name for m in MIGRATIONS._migrations
    }
    if newer:
        raise StoreError(
            "The database was written by a newer version of Companion. Update Companion, "
            "or set COMPANION_HOME to another folder."
        )


def _migrate(database: Database) -> None:
    refuse_newer(database)
    if not MIGRATIONS.pending(database):
        return
    # Two programs may start at once on a new file: only one of them may migrate.
    database.conn.execute("BEGIN IMMEDIATE")
    try:
        MIGRATIONS.apply(database)
        database.commit()
    except BaseException:
        database.rollback()
        raise
