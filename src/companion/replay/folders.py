"""The folder in which one session is played, gone when it ends."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from companion.domain.errors import SessionError
from companion.locations import make_private
from companion.store.processes import is_alive

_PREFIX = "playing-"


@contextmanager
def open_folder(within: Path) -> Iterator[Path]:
    """Give a new, private folder; those of programs that died go first.

    Raises ``SessionError`` where none can be made.
    """
    try:
        make_private(within)
        _clear(within)
        temporary = tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", dir=within)
    except OSError as error:
        raise SessionError(
            f"{within} cannot be written ({error.strerror}). Make it yours and writable."
        ) from error
    with temporary as folder:
        yield Path(folder)


def _clear(within: Path) -> None:
    for path in within.glob(f"{_PREFIX}*-*"):
        pid = path.name.split("-")[1]
        if not (pid.isdecimal() and is_alive(int(pid))):
            shutil.rmtree(path, ignore_errors=True)
