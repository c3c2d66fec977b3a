"""Replies of a run that goes on: an interrupted one does not ask for them again."""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from companion.domain.errors import SessionError
from companion.domain.session import ReplyLine, Session
from companion.locations import make_private

Key = tuple[str, int, int]
"""The hash of a session, the number of the run, the number of the turn."""


class KeptReplies:
    """What was answered so far, in a file of its own for each kind of run.

    ``described`` is all that shapes the replies: another model, prompt or seed is another
    run. Raises ``SessionError`` where the file cannot be written.
    """

    def __init__(self, folder: Path, described: Iterable[str], *, restart: bool = False) -> None:
        digest = hashlib.sha256("\0".join(described).encode()).hexdigest()[:20]
        self._path = folder / f"{digest}.jsonl"
        if restart:
            self._path.unlink(missing_ok=True)
        self._known: dict[Key, ReplyLine] = {}
        with suppress(FileNotFoundError):
            for line in self._path.read_text(encoding="utf-8").splitlines():
                self._read(line)

    def __len__(self) -> int:
        return len(self._known)

    def find(self, key: Key) -> ReplyLine | None:
        """Return a reply that came before the run was interrupted."""
        return self._known.get(key)

    def keep(self, key: Key, reply: ReplyLine) -> None:
        """Keep a reply at once: the next moment may be the last one."""
        self._known[key] = reply
        values: dict[str, Any] = {"key": key, "reply": reply.model_dump(exclude_none=True)}
        try:
            make_private(self._path.parent)
            self._path.touch(mode=0o600)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(values, ensure_ascii=False) + "\n")
        except OSError as error:
            raise SessionError(f"{self._path} cannot be written ({error.strerror}).") from error

    def forget(self) -> None:
        """Let go of them: the run is whole."""
        self._path.unlink(missing_ok=True)

    def _read(self, line: str) -> None:
        """Take in a line; one that was cut off by the interruption is asked for again."""
        with suppress(ValueError, KeyError, TypeError, ValidationError):
            values = json.loads(line)
            digest, run, turn = values["key"]
            self._known[digest, run, turn] = ReplyLine.model_validate(values["reply"])


def hash_session(session: Session) -> str:
    """Return what tells a session from others: all that was said in it."""
    texts = [turn.said.text + (turn.reply.text if turn.reply else "") for turn in session.turns]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:20]
