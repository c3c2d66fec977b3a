"""ChatGPT's ``conversations.json``: an array of conversations, each a tree of messages.

The file is read conversation by conversation, however large it is. Of each tree the branch
is taken that ChatGPT shows; what the system and tools said is left out.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

import ijson

from companion.domain.errors import ImportFormatError
from companion.domain.memory import ForeignTurn
from companion.domain.message import Role
from companion.portable.lines import Progress

_HERS = "ChatGPT"
_OTHER = "(not text)"
_NOT_ONE = "That is JSON, but not ChatGPT's conversations.json. Nothing was imported."
_BEGINS = ("start_map", "start_array")
_ENDS = ("end_map", "end_array")
_DEEPEST = 100
_Node = Mapping[str, Any]


class _Counted:
    """A file that tells how far it was read."""

    def __init__(self, stream: BinaryIO, progress: Progress) -> None:
        self._stream = stream
        self._progress = progress
        self._done = 0

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        piece = self._stream.read(size)
        if not self._done:
            piece = piece.removeprefix(b"\xef\xbb\xbf")
        self._done += len(piece)
        self._progress(self._done)
        return piece


def read_chatgpt(stream: BinaryIO, progress: Progress) -> Iterator[ForeignTurn]:
    """Yield what was said. Raises ``ImportFormatError`` where it is no such file."""
    found = 0
    try:
        for found, item in enumerate(_read_items(_Counted(stream, progress)), start=1):
            yield from _read_conversation(item, found)
    except ijson.JSONError as error:
        why = str(error).strip().partition("\n")[0]
        raise ImportFormatError(
            f"The file is no whole JSON: {why} after {found} conversations. "
            "Nothing was imported; download it again."
        ) from error
    if not found:
        raise ImportFormatError(_NOT_ONE)


def _read_items(stream: _Counted) -> Iterator[object]:
    """Yield the members of an array, one by one.

    ``ijson.items`` does that as well, but keeps the path to where it is: a small file of
    brackets within brackets would fill the memory.
    """
    depth, builder = 0, ijson.ObjectBuilder()
    for event, value in ijson.basic_parse(stream, use_float=True):
        if not depth and event != "start_array":
            raise ImportFormatError(_NOT_ONE)
        depth -= event in _ENDS
        if depth:
            builder.event(event, value)
        depth += event in _BEGINS
        if depth > _DEEPEST:
            raise ImportFormatError(_NOT_ONE)
        if depth == 1 and event != "start_array":
            yield builder.value
            builder = ijson.ObjectBuilder()


def _read_conversation(item: object, number: int) -> Iterator[ForeignTurn]:
    try:
        assert isinstance(item, dict)
        name = str(item.get("conversation_id") or item["id"])
        began = _moment(item.get("create_time"), datetime(1970, 1, 1, tzinfo=UTC))
        title = str(item.get("title") or "") or name
        for node in _follow_branch(item):
            turn = _read_message(node, name, title, began)
            if turn:
                began = turn.at
                yield turn
    except (AssertionError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ImportFormatError(
            f"Conversation {number} of the file is not as ChatGPT writes them. "
            "Nothing was imported; download it again."
        ) from error


def _follow_branch(item: Mapping[str, Any]) -> list[_Node]:
    """Return the messages from the first to the one that ChatGPT shows last."""
    mapping = item["mapping"]
    last = item.get("current_node") or next(
        (name for name, node in reversed(mapping.items()) if not node.get("children")), None
    )
    branch: list[_Node] = []
    while last in mapping and len(branch) <= len(mapping):
        branch.append(mapping[last])
        last = mapping[last].get("parent")
    return branch[::-1]


def _read_message(node: _Node, name: str, title: str, began: datetime) -> ForeignTurn | None:
    message = node.get("message")
    if not message or message["author"]["role"] not in (Role.USER, Role.ASSISTANT):
        return None
    role = Role(message["author"]["role"])
    text = _join(message.get("content") or {})
    if not text:
        return None
    at = _moment(message.get("create_time"), began)
    speaker = _HERS if role is Role.ASSISTANT else ""
    return ForeignTurn(name, str(message["id"]), at, speaker, role, text, title)


def _join(content: Mapping[str, Any]) -> str:
    parts = content.get("parts")
    if not isinstance(parts, list):
        return ""
    texts = [part.strip() if isinstance(part, str) else _OTHER for part in parts]
    return "\n\n".join(filter(None, texts))


def _moment(seconds: object, otherwise: datetime) -> datetime:
    if isinstance(seconds, int | float):
        return datetime.fromtimestamp(seconds, UTC)
    return otherwise
