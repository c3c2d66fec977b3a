"""Backups: copies made while others write, checked before they count, and their way back.

A copy is made under the write lock, so that nothing can be erased meanwhile, and under
another name, so that a crash leaves nothing that looks like a backup.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from companion.domain.backups import Backup, Contents, Restoration
from companion.domain.errors import DamagedError, StoreError
from companion.locations import make_private
from companion.store.copies import (
    DAMAGED,
    REPLACED,
    drop_unfinished,
    find_folder,
    list_aside,
    list_backups,
    name_aside,
    name_copy,
)
from companion.store.copying import (
    check_whole,
    copy_bytes,
    copy_database,
    copy_to_file,
    nobody_else,
    nobody_writes,
    open_to_read,
    publish,
    read_contents,
    unfinished,
)
from companion.store.database import Store
from companion.store.keys import Keys
from companion.store.locking import copy_relocked
from companion.store.refusals import explaining

_LOGS = ("-wal", "-shm")


class SqliteBackups:
    """``protocols.Backups`` in SQLite. ``path`` is the database, which need not be whole.

    Copies of a locked database are locked with its passphrase. ``keys`` may have to find
    that of a backup, too.
    """

    def __init__(self, path: Path, keys: Keys | None = None) -> None:
        self._path = path
        self._keys = keys or Keys()

    def make(self, at: datetime, folder: Path | None = None) -> Backup | None:
        """Copy the database as it is now, verified, into a folder."""
        with explaining(self._path):
            key = self._keys.find(self._path)
        if not (self._path.exists() and _has_user_spoken(self._path, key)):
            return None
        folder = folder or find_folder(self._path)
        path = folder / name_copy(at)
        with (
            _finishing(path, self._path, key) as fresh,
            explaining(self._path),
            nobody_writes(self._path, key) as source,
        ):
            drop_unfinished(folder, but=fresh)
            copy_to_file(source, fresh, key)
        with explaining(path):
            return Backup(path, at, path.stat().st_size)

    def kept(self, folder: Path | None = None) -> list[Backup]:
        """Return the backups in a folder, the latest first."""
        folder = folder or find_folder(self._path)
        with explaining(folder):
            return list_backups(folder)

    def prune(self, keep: int, latest: Backup) -> None:
        """Remove all but the latest backups; ``latest`` stays, whatever the clock said.

        So many of what was set aside for a backup stay as well.
        """
        others = [each for each in self.kept(latest.path.parent) if each.path != latest.path]
        with explaining(latest.path):
            for each in others[keep - 1 :]:
                each.path.unlink(missing_ok=True)
            for path in list_aside(latest.path.parent)[keep:]:
                for suffix in ("", *_LOGS):
                    Path(f"{path}{suffix}").unlink(missing_ok=True)

    def compare(self, file: Path) -> Restoration:
        """Return what restoring a file would change."""
        if not file.is_file():
            raise StoreError(
                f"There is no file {file}. companion backup --list shows what there is."
            )
        try:
            then = self._read(file)
        except DamagedError as error:
            raise DamagedError(
                f"{file} is not a whole database of Companion. Choose another."
            ) from error
        try:
            now = self._read(self._path) if self._path.exists() else None
        except DamagedError:
            return Restoration(file, then, None, damaged=True)
        return Restoration(file, then, now, damaged=False)

    def restore(self, file: Path, at: datetime) -> Path | None:
        """Put a backup in the place of the database, all of it or nothing."""
        change = self.compare(file)
        with explaining(self._path):
            make_private(self._path.parent)
            drop_unfinished(self._path.parent)
            aside = self._replace(file, at, damaged=change.damaged, there=change.now is not None)
        self._keys.look_again()
        Store(self._path, self._keys).close()
        return aside

    def _read(self, file: Path) -> Contents:
        with explaining(file):
            key = self._keys.find(file)
        return read_contents(file, key)

    def _replace(self, file: Path, at: datetime, *, damaged: bool, there: bool) -> Path | None:
        if there:
            own = self._keys.find(self._path)
            # One lock over both: whatever was said until then is in what is set aside.
            with nobody_else(self._path, own) as present, self._locked_as(own, file) as given:
                aside = name_aside(self._path, at, REPLACED)
                with _finishing(aside, self._path, own) as fresh:
                    copy_to_file(present, fresh, own)
                copy_database(given, present)
            return aside
        kept = self._set_damaged_aside(at) if damaged else None
        self._put(file)
        return kept

    def _set_damaged_aside(self, at: datetime) -> Path:
        """Copy the damaged file with its log; only then is it touched."""
        aside = name_aside(self._path, at, DAMAGED)
        make_private(aside.parent)
        for suffix in ("", *_LOGS):
            source = Path(f"{self._path}{suffix}")
            if source.exists():
                copy_bytes(source, Path(f"{aside}{suffix}"))
        return aside

    @contextmanager
    def _locked_as(self, own: str, file: Path) -> Iterator[sqlite3.Connection]:
        """Give a backup to read, locked if the database is: SQLite copies like to like."""
        key = self._keys.find(file)
        if bool(key) == bool(own):
            with closing(open_to_read(file, key)) as given:
                yield given
            return
        with unfinished(self._path.parent) as fresh:
            copy_relocked(file, key, fresh, own)
            with closing(open_to_read(fresh, own)) as given:
                yield given

    def _put(self, file: Path) -> None:
        key = self._keys.find(file)
        with _finishing(self._path, file, key) as fresh:
            with closing(open_to_read(file, key)) as given:
                copy_to_file(given, fresh, key)
            for suffix in _LOGS:
                # A log of the old file would be read into the new one.
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)


@contextmanager
def _finishing(path: Path, meant: Path, key: str) -> Iterator[Path]:
    """Give a file to copy ``meant`` into; checked and on the disk, it becomes ``path``."""
    with explaining(path):
        make_private(path.parent)
    with unfinished(path.parent) as fresh:
        yield fresh
        check_whole(fresh, meant, key)
        with explaining(path):
            publish(fresh, path)


def _has_user_spoken(path: Path, key: str) -> bool:
    with explaining(path), closing(open_to_read(path, key)) as connection:
        query = "SELECT EXISTS (SELECT 1 FROM messages WHERE role = 'user')"
        return bool(connection.execute(query).fetchone()[0])
