"""Replies of a run that goes on: an interrupted one does not ask for them again."""

import hashlib
from contextlib import suppress

from pydantic import ValidationError

from companion.domain.session import ReplyLine, Session
from companion.replay.kept_lines import KeptLines

Key = tuple[str, int, int]
"""The hash of a session, the number of the run, the number of the turn."""


class KeptReplies:
    """What was answered so far."""

    def __init__(self, lines: KeptLines) -> None:
        self._lines = lines
        self._known: dict[Key, ReplyLine] = {}
        for values in lines.read():
            with suppress(ValueError, KeyError, TypeError, ValidationError):
                digest, run, turn = values["key"]
                self._known[digest, run, turn] = ReplyLine.model_validate(values["reply"])

    def find(self, key: Key) -> ReplyLine | None:
        """Return a reply that came before the run was interrupted."""
        return self._known.get(key)

    def keep(self, key: Key, reply: ReplyLine) -> None:
        """Keep a reply. Raises ``SessionError`` where the file cannot be written."""
        self._known[key] = reply
        self._lines.keep({"key": key, "reply": reply.model_dump(exclude_none=True)})

    def forget(self) -> None:
        """Let go of them: the run is whole."""
        self._lines.forget()


def hash_session(session: Session) -> str:
    """Return what tells a session from others: all that was said in it."""
    texts = [turn.said.text + (turn.reply.text if turn.reply else "") for turn in session.turns]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:20]
