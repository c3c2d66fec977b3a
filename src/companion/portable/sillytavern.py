"""A chat of SillyTavern: a line about the chat, then one message a line."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from companion.domain.memory import ForeignTurn
from companion.domain.message import Role
from companion.portable.lines import Progress, read_objects, wrong_line

_FORMS = ("%Y-%m-%d@%Hh%Mm%Ss", "%B %d, %Y %I:%M%p", "%b %d, %Y %I:%M%p")
_THOUSANDTHS = re.compile(r"\s*(\d+)ms$")


def read_sillytavern(stream: BinaryIO, name: str, progress: Progress) -> Iterator[ForeignTurn]:
    """Yield what was said in a chat; ``name`` is what its file is called.

    Of several answers the one is taken that was chosen. A message is known by its place.
    Raises ``ImportFormatError``, which names the line.
    """
    conversation = name
    for number, fields in read_objects(stream, progress):
        if "mes" not in fields:
            if number > 1:
                raise wrong_line(number, '"mes" is missing')
            began = fields.get("create_date")
            conversation = f"{name} {began}" if isinstance(began, str) else name
            continue
        text, speaker = fields["mes"], fields.get("name")
        if not isinstance(text, str) or not isinstance(speaker, str):
            raise wrong_line(number, '"name" or "mes" is not text')
        if fields.get("is_system") or not text.strip():
            continue
        role = Role.USER if fields.get("is_user") else Role.ASSISTANT
        at = _moment(fields.get("send_date"), number)
        yield ForeignTurn(conversation, str(number), at, speaker, role, text.strip(), name)


def _moment(value: object, number: int) -> datetime:
    """Return a time as one of the versions of SillyTavern wrote it, in its user's zone."""
    try:
        if isinstance(value, int | float) or (isinstance(value, str) and value.isdecimal()):
            return datetime.fromtimestamp(float(value) / 1000, UTC)
        if isinstance(value, str):
            return _read_moment(value.strip()).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise wrong_line(number, '"send_date" is no time that I know') from error
    raise wrong_line(number, '"send_date" is missing')


def _read_moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    text = _THOUSANDTHS.sub("", text)
    tight = re.sub(r"\s+", "", text) if "@" in text else text
    for form in _FORMS:
        try:
            return datetime.strptime(tight, form)  # noqa: DTZ007 - SillyTavern tells no zone
        except ValueError:
            continue
    raise ValueError(text)
