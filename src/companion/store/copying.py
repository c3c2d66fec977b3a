"""Copying a database: all of it, checked, on the disk before it has its name."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from companion.domain.backups import Contents
from companion.domain.errors import DamagedError
from companion.store.connecting import connect
from companion.store.copies import UNFINISHED
from companion.store.database import BUSY_SECONDS, refuse_newer
from companion.store.refusals import explaining
from companion.store.sqlite import Database
from companion.store.times import from_text

_COUNTED = ("conversations", "messages", "memories", "moods")
_OURS = {"conversations", "messages", "_sqlite_migrations"}


def read_contents(path: Path, key: str) -> Contents:
    """Count what is in a database of ours, without changing it.

    Raises ``DamagedError`` if it is not whole.
    """
    check_whole(path, path, key)
    with explaining(path), closing(open_to_read(path, key)) as connection:
        names = Database(connection).table_names()
        counts = {name: _count(connection, name) if name in names else 0 for name in _COUNTED}
        until = connection.execute("SELECT MAX(created_at) FROM messages").fetchone()[0]
    return Contents(**counts, until=from_text(until) if until else None)


def check_whole(path: Path, meant: Path, key: str) -> None:
    """Read all of a file. ``meant`` is the one that errors name.

    Raises ``DamagedError`` if it is not all there, ``StoreError`` if it is newer than we are.
    """
    with explaining(meant), closing(open_to_read(path, key)) as connection:
        if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("malformed")
        database = Database(connection)
        if not set(database.table_names()) >= _OURS:
            raise DamagedError(f"{meant} is no database of Companion. Choose another file.")
        refuse_newer(database)


def open_to_read(path: Path, key: str) -> sqlite3.Connection:
    """Open a database that is not to be changed. Raises ``sqlite_errors()`` or ``OSError``."""
    path.stat()
    return connect(path, key, BUSY_SECONDS, mode="ro")


@contextmanager
def nobody_writes(path: Path, key: str) -> Iterator[sqlite3.Connection]:
    """Hold the write lock of a database, and give it for reading. Raises ``sqlite_errors()``."""
    with (
        closing(_connect(path, key)) as lock,
        closing(_connect(path, key)) as reader,
    ):
        lock.execute("BEGIN IMMEDIATE")
        yield reader
        lock.execute("ROLLBACK")


@contextmanager
def nobody_else(path: Path, key: str) -> Iterator[sqlite3.Connection]:
    """Open a database that no other program has open, and keep it so.

    Raises ``sqlite_errors()``.
    """
    with closing(_connect(path, key)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
        yield connection


def copy_to_file(source: sqlite3.Connection, target: Path, key: str) -> None:
    """Put all of a database into a file without a log, locked if the source is.

    Raises ``sqlite_errors()``.
    """
    with closing(_connect(target, key)) as taking:
        copy_database(source, taking)
        taking.execute("PRAGMA journal_mode = DELETE")


def copy_database(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Put all of one database into another, in one transaction; both locked, or none.

    Raises ``sqlite_errors()``.
    """
    until = time.monotonic() + BUSY_SECONDS

    def watch(status: int, _left: int, _all: int) -> None:
        # Left alone, Python waits for ever.
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise sqlite3.OperationalError("database is locked")

    source.backup(target, progress=watch)


def copy_bytes(source: Path, target: Path) -> None:
    """Copy a file as it is, for the user's eyes only, onto the disk. Raises ``OSError``."""
    with source.open("rb") as given, open(_create(target), "wb") as taking:
        shutil.copyfileobj(given, taking)
        taking.flush()
        os.fsync(taking.fileno())


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """Give a new, empty file for a copy; it is gone at the end if it has no name by then."""
    with explaining(folder):
        number, name = tempfile.mkstemp(prefix=UNFINISHED, dir=folder)
        os.close(number)
    try:
        yield Path(name)
    finally:
        for suffix in ("", "-journal"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)


def publish(fresh: Path, path: Path) -> None:
    """Give a finished copy its name, for good. Raises ``OSError``."""
    with fresh.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(fresh, path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _connect(path: Path, key: str) -> sqlite3.Connection:
    """Open a database that is there: none is made where it went meanwhile."""
    return connect(path, key, BUSY_SECONDS, mode="rw")


def _create(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)


def _count(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0])
