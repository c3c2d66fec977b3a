"""Reading conversations from a file of JSON lines."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from companion.domain.errors import ImportFormatError
from companion.domain.memory import ForeignTurn
from companion.domain.message import Role
from companion.safety.sanitise import make_harmless

_LONGEST_LINE = 8_000_000
_FIELDS = ("conversation", "id", "at", "speaker", "role", "text")


def read_turns(lines: BinaryIO, progress: Callable[[int], None]) -> Iterator[ForeignTurn]:
    """Yield the turns of a file, line by line; empty lines are passed over.

    ``progress`` is told how many bytes were read after each line. Raises
    ``ImportFormatError`` with the number of the line that cannot be read.
    """
    number = done = 0
    while line := lines.readline(_LONGEST_LINE + 1):
        number += 1
        done += len(line)
        if len(line) > _LONGEST_LINE:
            raise _wrong(number, f"it is longer than {_LONGEST_LINE // 1_000_000} MB")
        if line.strip():
            yield _read_turn(line, number)
        progress(done)


def _read_turn(line: bytes, number: int) -> ForeignTurn:
    fields = _read_fields(line, number)
    texts = {name: _text(fields, name, number) for name in _FIELDS}
    for name in ("conversation", "id"):
        if not texts[name]:
            raise _wrong(number, f'"{name}" is empty')
    return ForeignTurn(
        conversation=texts["conversation"],
        id=texts["id"],
        at=_moment(texts["at"], number),
        speaker=texts["speaker"],
        role=_role(texts["role"], number),
        text=texts["text"],
    )


def _read_fields(line: bytes, number: int) -> dict[str, object]:
    try:
        fields = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except UnicodeDecodeError as error:
        raise _wrong(number, "it is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise _wrong(number, "it is not JSON") from error
    if not isinstance(fields, dict):
        raise _wrong(number, "it is not a JSON object")
    return fields


def _text(fields: dict[str, object], name: str, number: int) -> str:
    if name not in fields:
        raise _wrong(number, f'"{name}" is missing')
    value = fields[name]
    if name in ("conversation", "id") and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise _wrong(number, f'"{name}" is not text')
    return make_harmless(value).strip()


def _moment(text: str, number: int) -> datetime:
    """Return an ISO 8601 time; one without a zone is taken for UTC."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _wrong(number, '"at" is not a time such as 2026-05-08T13:56:00Z') from error


def _role(text: str, number: int) -> Role:
    if text not in (Role.USER, Role.ASSISTANT):
        raise _wrong(number, '"role" is neither user nor assistant')
    return Role(text)


def _wrong(number: int, why: str) -> ImportFormatError:
    return ImportFormatError(
        f"Line {number} cannot be taken in: {why}. Nothing was imported; "
        "mend that line and try again."
    )
