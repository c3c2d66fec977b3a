"""The seam to backups. Calls block."""

from datetime import datetime
from pathlib import Path
from typing import Protocol

from companion.domain.backups import Backup, Restoration


class Backups(Protocol):
    """Makes copies of the database and brings them back. All methods raise ``StoreError``."""

    def make(self, at: datetime, folder: Path | None = None) -> Backup | None:
        """Copy the database as it is now, verified, into a folder, by default our own.

        Other programs may go on reading and writing. ``None`` where nothing was said yet.
        """
        ...

    def kept(self, folder: Path | None = None) -> list[Backup]:
        """Return the backups in a folder, the latest first, without those set aside."""
        ...

    def prune(self, keep: int, latest: Backup) -> None:
        """Remove all but the ``keep`` latest backups beside ``latest``, which stays."""
        ...

    def compare(self, file: Path) -> Restoration:
        """Return what restoring a file would change. Raises ``StoreError`` if it is not whole."""
        ...

    def restore(self, file: Path, at: datetime) -> Path | None:
        """Put a backup in the place of the database, all of it or nothing.

        The present file is set aside first; returns where, ``None`` if there was none.
        """
        ...
