"""Plain chats as sessions: OpenAI's messages and ShareGPT. What they lack is computed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from companion.domain.errors import SessionError
from companion.domain.session import (
    FORMAT,
    GreetingLine,
    HeaderLine,
    ReplyLine,
    SaidLine,
    Session,
    SessionTurn,
)
from companion.portable.session_reading import read_session
from companion.safety.sanitise import make_harmless

_ROLES = {
    **{"user": "user", "human": "user", "assistant": "assistant", "gpt": "assistant"},
    **{"bing": "assistant", "chatgpt": "assistant", "bard": "assistant", "model": "assistant"},
}
_BEGAN = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)
_BETWEEN = timedelta(minutes=1)
_UNKNOWN = (
    "{name} is neither a session of Companion nor a chat in OpenAI's or ShareGPT's form. "
    "companion history export writes one."
)


def read_sessions(path: Path) -> list[Session]:
    """Return the sessions in a file: one of ours, or every chat in another program's.

    Raises ``SessionError``.
    """
    try:
        with path.open("rb") as stream:
            if FORMAT.encode() in stream.read(4096):
                stream.seek(0)
                return [read_session(stream, path.name)]
        found = list(_read_chats(path))
    except OSError as error:
        raise SessionError(f"{path} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise SessionError(_UNKNOWN.format(name=path.name)) from error
    if not found:
        raise SessionError(_UNKNOWN.format(name=path.name))
    return found


def _read_chats(path: Path) -> Iterator[Session]:
    text = path.read_text(encoding="utf-8-sig")
    try:
        values = json.loads(text)
    except ValueError:
        values = [json.loads(line) for line in text.splitlines() if line.strip()]
    listed = values if isinstance(values, list) else [values]
    chats = [listed] if listed and _says(listed[0]) else [_find_messages(each) for each in listed]
    for number, messages in enumerate(chats, 1):
        title = path.stem if len(chats) == 1 else f"{path.stem} {number}"
        said = [words for each in messages if (words := _says(each)) and words[1]]
        if session := _to_session(title, said):
            yield session


def _find_messages(value: object) -> Sequence[object]:
    """Return the messages of one chat, whichever of the usual names they stand under."""
    if isinstance(value, list):
        return value
    for name in ("messages", "conversations", "conversation"):
        found = value.get(name) if isinstance(value, Mapping) else None
        if isinstance(found, list):
            return found
    return ()


def _says(message: object) -> tuple[str, str] | None:
    """Return who says what in a message; nothing where it is none, or the system's."""
    if not isinstance(message, Mapping):
        return None
    role = _ROLES.get(str(message.get("role") or message.get("from") or "").lower())
    content = message.get("content", message.get("value"))
    if role is None:
        return None
    return role, make_harmless(_join(content)).strip()


def _join(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else ()
    return "\n".join(
        str(each["text"]) for each in parts if isinstance(each, Mapping) and "text" in each
    )


def _to_session(title: str, said: Sequence[tuple[str, str]]) -> Session | None:
    """Return a session of what was said; neighbours of one side are taken as one."""
    merged: list[tuple[str, str]] = []
    for role, text in said:
        if merged and merged[-1][0] == role:
            merged[-1] = (role, f"{merged[-1][1]}\n\n{text}")
        else:
            merged.append((role, text))
    numbers = count(1)
    greeting = None
    if merged and merged[0][0] == "assistant":
        number = next(numbers)
        greeting = GreetingLine(id=number, at=_moment(number), text=merged.pop(0)[1])
    turns = []
    for place in range(0, len(merged), 2):
        turn = place // 2 + 1
        asked = next(numbers)
        line = SaidLine(turn=turn, id=asked, at=_moment(asked), text=merged[place][1])
        answered = merged[place + 1 : place + 2]
        turns.append(
            SessionTurn(
                line, reply=_to_reply(turn, next(numbers), answered[0][1]) if answered else None
            )
        )
    header = HeaderLine(title=title, bare=True)
    return Session(header, (), greeting, tuple(turns)) if turns else None


def _to_reply(turn: int, number: int, text: str) -> ReplyLine:
    return ReplyLine(turn=turn, id=number, at=_moment(number), ended_at=_moment(number), text=text)


def _moment(number: int) -> str:
    return f"{_BEGAN + number * _BETWEEN:%Y-%m-%dT%H:%M:%S.%fZ}"
