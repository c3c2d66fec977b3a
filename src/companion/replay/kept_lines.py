"""What a run that goes on has so far: lines in a file of its own, written at once."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from companion.domain.errors import SessionError
from companion.locations import make_private


class KeptLines:
    """JSON objects in a file, one a line.

    ``described`` is all that shapes them: where any of it is another, it is another file.
    """

    def __init__(self, folder: Path, described: Iterable[str], *, restart: bool = False) -> None:
        digest = hashlib.sha256("\0".join(described).encode()).hexdigest()[:20]
        self._path = folder / f"{digest}.jsonl"
        if restart:
            self.forget()

    def read(self) -> Iterator[Any]:
        """Yield what was kept; a line that was cut off by an interruption is left out."""
        with suppress(FileNotFoundError):
            # Not by splitlines, which also cuts at characters that may stand in a reply.
            for line in self._path.read_text(encoding="utf-8", errors="replace").split("\n"):
                with suppress(ValueError):
                    yield json.loads(line)

    def keep(self, values: object) -> None:
        """Keep one more, at once: the next moment may be the last one.

        Raises ``SessionError`` where the file cannot be written.
        """
        try:
            make_private(self._path.parent)
            self._path.touch(mode=0o600)
            with self._path.open("ab+") as file:
                file.write(_end_torn_line(file) + json.dumps(values).encode() + b"\n")
        except OSError as error:
            raise SessionError(f"{self._path} cannot be written ({error.strerror}).") from error

    def forget(self) -> None:
        """Let go of all of it: the run is whole."""
        self._path.unlink(missing_ok=True)


def _end_torn_line(file: IO[bytes]) -> bytes:
    """Return what must come before the next line: an interrupted one has no end."""
    if not file.seek(0, os.SEEK_END):
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"
