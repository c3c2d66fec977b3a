"""What SQLite and the file system say, in one line that tells what to do."""

from collections.abc import Callable
from pathlib import Path

from companion.domain.errors import DamagedError, StoreError
from companion.store.connecting import sqlite_errors
from companion.store.copies import UNFINISHED, find_folder, list_backups


class explaining:
    """Turn the errors of SQLite and of the file system into a ``StoreError``.

    A class, because a turn enters it some two hundred times: a generator takes longer than
    many a query.
    """

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is not None and isinstance(error, sqlite_errors("Error", OSError)):
            raise _to_refusal(error, self._path) from error


def _to_refusal(error: Exception, path: Path) -> StoreError:
    if not isinstance(error, OSError):
        return _explain(error, path)
    if isinstance(error, FileNotFoundError) and UNFINISHED in str(error.filename):
        return StoreError(
            "Another program erased something or made a backup at the same moment. "
            "Nothing was copied; try again."
        )
    return _unopened(path, error)


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
