"""What SQLite and the file system say, in one line that tells what to do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from companion.domain.errors import DamagedError, StoreError
from companion.store.connecting import sqlite_errors
from companion.store.copies import UNFINISHED, find_folder, list_backups


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Turn the errors of SQLite and of the file system into a ``StoreError``."""
    try:
        yield
    except sqlite_errors() as error:
        raise _explain(error, path) from error
    except FileNotFoundError as error:
        if UNFINISHED not in str(error.filename):
            raise _unopened(path, error) from error
        raise StoreError(
            "Another program erased something or made a backup at the same moment. "
            "Nothing was copied; try again."
        ) from error
    except OSError as error:
        raise _unopened(path, error) from error


def _unopened(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{path} cannot be opened ({error.strerror}). "
        "Make its folder yours and writable, or set COMPANION_HOME to another."
    )


def _explain(error: Exception, path: Path) -> StoreError:
    text = str(error)
    if any(sign in text for sign in _DAMAGED):
        return DamagedError(_tell_damaged(path))
    for sign, explain in _EXPLANATIONS.items():
        if sign in text:
            return StoreError(explain(path))
    return StoreError(f"The database {path} refused: {text}.")


_DAMAGED = ("not a database", "malformed")
_EXPLANATIONS: dict[str, Callable[[Path], str]] = {
    "database is locked": lambda path: (
        f"Another program is writing to {path} and does not let go. Close it and try again."
    ),
    "disk is full": lambda path: (
        f"The disk that holds {path} is full. Make room and try again; nothing kept is lost."
    ),
    "disk I/O error": lambda path: (
        f"The disk that holds {path} refused. See that it has room and is in order, then try "
        "again; nothing kept is lost."
    ),
    "readonly": lambda path: (
        f"{path} cannot be written. Make the folder writable, or set COMPANION_HOME to another."
    ),
    "unable to open": lambda path: (
        f"{path} cannot be opened. Check that the folder is yours and writable, "
        "or set COMPANION_HOME to another."
    ),
}


def _tell_damaged(path: Path) -> str:
    try:
        backups = list_backups(find_folder(path))
    except OSError:
        backups = []
    if not backups:
        return (
            f"{path} is damaged and was left as it is. Put a backup in its place, "
            "or move it away to start anew."
        )
    return (
        f"{path} is damaged and was left as it is. companion restore brings back the backup "
        f"of {backups[0].at.astimezone():%-d %B %Y, %H:%M}."
    )
