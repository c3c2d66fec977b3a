"""Reading conversations from a file with one message a line."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from companion.domain.memory import ForeignTurn
from companion.domain.message import Role
from companion.portable.lines import Progress, read_objects, wrong_line
from companion.safety.sanitise import make_harmless

_FIELDS = ("conversation", "id", "at", "speaker", "role", "text")


def read_turns(lines: BinaryIO, progress: Progress) -> Iterator[ForeignTurn]:
    """Yield the turns of a file, line by line.

    Raises ``ImportFormatError`` with the number of the line that cannot be read.
    """
    for number, fields in read_objects(lines, progress):
        yield _to_turn(fields, number)


def _to_turn(fields: dict[str, object], number: int) -> ForeignTurn:
    texts = {name: _text(fields, name, number) for name in _FIELDS}
    for name in ("conversation", "id"):
        if not texts[name]:
            raise wrong_line(number, f'"{name}" is empty')
    return ForeignTurn(
        conversation=texts["conversation"],
        id=texts["id"],
        at=_moment(texts["at"], number),
        speaker=texts["speaker"],
        role=_role(texts["role"], number),
        text=texts["text"],
    )


def _text(fields: dict[str, object], name: str, number: int) -> str:
    if name not in fields:
        raise wrong_line(number, f'"{name}" is missing')
    value = fields[name]
    if name in ("conversation", "id") and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise wrong_line(number, f'"{name}" is not text')
    return make_harmless(value).strip()


def _moment(text: str, number: int) -> datetime:
    """Return an ISO 8601 time; one without a zone is taken for UTC."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise wrong_line(number, '"at" is not a time such as 2026-05-08T13:56:00Z') from error


def _role(text: str, number: int) -> Role:
    if text not in (Role.USER, Role.ASSISTANT):
        raise wrong_line(number, '"role" is neither user nor assistant')
    return Role(text)
