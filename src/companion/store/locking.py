"""Locking a database, changing its passphrase, and opening it for good.

A file is written anew under another name, checked, and takes the place of the old one when
it is on the disk; the old one is overwritten then. So a crash leaves the one or the other.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from companion.domain.errors import DamagedError, LockedError
from companion.domain.locking import Relocked
from companion.store.clearing import overwrite, wipe
from companion.store.connecting import connect_sqlcipher, load_sqlcipher, make_key, read_salt
from companion.store.copies import (
    DAMAGED,
    drop_copy,
    drop_unfinished,
    find_folder,
    list_aside,
    list_copies,
)
from companion.store.copying import check_whole, publish, unfinished
from companion.store.database import BUSY_SECONDS, Store
from companion.store.keys import Keys
from companion.store.refusals import explaining


class SqliteLock:
    """``protocols.Lock`` by SQLCipher."""

    def __init__(self, path: Path, keys: Keys, quoting: Iterable[Path] = ()) -> None:
        """``quoting`` are files and folders outside that repeat what was said, in clear."""
        self._path = path
        self._keys = keys
        self._quoting = tuple(quoting)

    def is_locked(self) -> bool:
        """Tell whether a passphrase is needed."""
        with explaining(self._path):
            return bool(read_salt(self._path))

    def count_damaged(self) -> int:
        """Return how many copies that were set aside as damaged can be read."""
        with explaining(self._path):
            aside = list_aside(find_folder(self._path))
            return sum(each.stem.endswith(DAMAGED) and not read_salt(each) for each in aside)

    def verify(self) -> None:
        """Find the passphrase that holds now."""
        with explaining(self._path):
            self._keys.find(self._path)

    def change(self, passphrase: str) -> Relocked:
        """Lock with another passphrase, or unlock for good with an empty one."""
        load_sqlcipher()
        Store(self._path, self._keys).close()
        with explaining(self._path):
            old = self._keys.find(self._path)
            for folder in (self._path.parent, find_folder(self._path)):
                drop_unfinished(folder)
            # Where an earlier try was cut short, some copies have the new passphrase already.
            known = Keys(lambda: filter(None, (*self._keys.known, passphrase)))
            new = make_key(passphrase)
            with _alone(self._path, old) as connection:
                for place in self._quoting if new else ():
                    wipe(place)
                copies = _change_copies(list_copies(self._path), known, new)
                _replace(connection, self._path, new)
        self._keys.look_again()
        if passphrase:
            self._keys.learn(passphrase)
        return copies


def copy_relocked(given: Path, key: str, target: Path, new: str) -> None:
    """Put all of a database into an empty file that is locked another way.

    Raises ``sqlite_errors()``.
    """
    with closing(connect_sqlcipher(target, new, BUSY_SECONDS)) as connection:
        source = f"{given.absolute().as_uri()}?mode=ro"
        connection.execute("ATTACH DATABASE ? AS given KEY ?", (source, key))
        connection.execute("SELECT sqlcipher_export('main', 'given')").fetchall()
        connection.execute("DETACH DATABASE given")


def _change_copies(copies: Iterable[Path], known: Keys, new: str) -> Relocked:
    changed = removed = left = broken = 0
    for copy in copies:
        try:
            # A broken copy is not to be told as the breaking of the database itself.
            with explaining(copy), _alone(copy, known.find(copy)) as connection:
                _replace(connection, copy, new)
            changed += 1
        except LockedError:
            left += 1
        except DamagedError:
            if read_salt(copy):
                # Locked it is, if by an old passphrase: nobody was told that it would go.
                broken += 1
            elif new:
                drop_copy(copy)
                removed += 1
    return Relocked(changed, removed, left, broken)


@contextmanager
def _alone(path: Path, key: str) -> Iterator[sqlite3.Connection]:
    """Open a database that no other program has open, without a log, and keep it so.

    Raises ``sqlite_errors()``.
    """
    with closing(connect_sqlcipher(path, key, BUSY_SECONDS)) as held:
        held.execute("PRAGMA journal_mode = DELETE")
        held.execute("PRAGMA locking_mode = EXCLUSIVE")
        # A journal beside the file would be read into the one that takes its place.
        held.execute("PRAGMA journal_mode = MEMORY")
        held.execute("BEGIN EXCLUSIVE")
        held.execute("COMMIT")
        yield held


def _replace(connection: sqlite3.Connection, path: Path, key: str) -> None:
    """Let a file that holds the same, locked another way, take the place of an open one."""
    with unfinished(path.parent) as fresh:
        connection.execute("ATTACH DATABASE ? AS fresh KEY ?", (str(fresh), key))
        connection.execute("SELECT sqlcipher_export('fresh')").fetchall()
        connection.execute("DETACH DATABASE fresh")
        check_whole(fresh, path, key)
        # Closed only after the connection, whose locks on the file it would end.
        old = os.open(path, os.O_RDWR)
        try:
            publish(fresh, path)
            # Who still waits for the old one finds no database any more.
            overwrite(old)
            connection.close()
        finally:
            os.close(old)
