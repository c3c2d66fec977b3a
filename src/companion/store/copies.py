"""The files beside the database that repeat it: their folder, their names, their end.

Erasing removes them, while it holds the lock under which copies are made: so what is
erased is in none of them.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from companion.domain.backups import Backup
from companion.store.clearing import wipe

REPLACED, DAMAGED = "-replaced", "-damaged"
UNFINISHED = ".companion-copy-"
"""How a copy begins that is being made, or whose maker died."""
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"companion-(\d{8}T\d{6}Z)(-replaced|-damaged)?\.db")


def find_folder(database: Path) -> Path:
    """Return where the copies of a database lie; it need not exist."""
    return database.parent / "backups"


def name_copy(at: datetime, kind: str = "") -> str:
    """Return the name of a copy that was made at a time."""
    return f"companion-{at.astimezone(UTC):{_STAMP}}{kind}.db"


def name_aside(database: Path, at: datetime, kind: str) -> Path:
    """Return a free path for what a backup takes the place of."""
    while (path := find_folder(database) / name_copy(at, kind)).exists():
        at += timedelta(seconds=1)
    return path


def list_backups(folder: Path) -> list[Backup]:
    """Return the backups in a folder, the latest first. Raises ``OSError``."""
    found = []
    for path in _list(folder):
        named = _NAME.fullmatch(path.name)
        if named and not named[2]:
            at = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, at, path.stat().st_size))
    return sorted(found, key=lambda backup: backup.at, reverse=True)


def list_aside(folder: Path) -> list[Path]:
    """Return what was set aside for a backup, the latest first. Raises ``OSError``."""
    named = ((path, _NAME.fullmatch(path.name)) for path in _list(folder))
    return sorted(
        (path for path, match in named if match and match[2]), key=lambda p: p.name, reverse=True
    )


def drop_unfinished(folder: Path, but: Path | None = None) -> None:
    """Remove copies that were not finished, all ``but`` one. Raises ``OSError``."""
    _drop(path for path in _list(folder) if path.name.startswith(UNFINISHED) and path != but)


def count_copies(database: Path) -> int:
    """Return how many copies of a database lie beside it, those set aside as well."""
    return len(list_copies(database))


def list_copies(database: Path) -> list[Path]:
    """Return the copies of a database beside it, those set aside as well. Raises ``OSError``."""
    return [path for path in _list_all(database) if path.suffix == ".db"]


def drop_copy(copy: Path) -> None:
    """Overwrite and remove a copy with its logs. Raises ``OSError``."""
    for path in _list(copy.parent):
        if path.name.startswith(copy.name):
            wipe(path)


def drop_copies(database: Path) -> None:
    """Remove every copy of a database that we made beside it. Raises ``OSError``."""
    drop_unfinished(database.parent)
    drop_unfinished(find_folder(database))
    _drop(_list_all(database))


def _list_all(database: Path) -> list[Path]:
    return [path for path in _list(find_folder(database)) if _NAME.match(path.name)]


def _list(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _drop(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
