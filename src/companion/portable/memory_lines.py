"""Memories alone, a line each: as this program writes them, or plain sentences."""

import json
import re
from datetime import date, datetime
from typing import BinaryIO

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from companion.domain.errors import ImportFormatError
from companion.domain.memories import LONGEST_MEMORY, Brought, Kind, Learned
from companion.portable.lines import clean, wrong_line

_MOST = 100_000
_TOLD = re.compile(r" \(\w+, told [^()]*\)$")
_LONGEST_LINE = 64_000


class _Line(BaseModel):
    """What is read of an object; what else it holds (its sources here, say) is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Kind
    subject: str = Field(default="", max_length=300)
    slot: str = Field(min_length=1, max_length=600)
    value: str = Field(default="", max_length=600)
    text: str = Field(min_length=1, max_length=600)
    said_at: AwareDatetime
    since: date | None = None
    until: date | None = None
    confidence: float = Field(default=0.9, ge=0, le=1)
    pinned: bool = False
    closed_at: datetime | None = None


def read_memory_lines(lines: BinaryIO) -> list[Brought]:
    """Return what a file brings; what no longer holds there is left out.

    Raises ``ImportFormatError`` with the number of the first line that is broken.
    """
    brought: list[Brought] = []
    number = 0
    while line := lines.readline(_LONGEST_LINE + 1):
        number += 1
        if len(line) > _LONGEST_LINE:
            raise wrong_line(number, "it is too long for a memory")
        found = _read(number, _decode(number, line))
        if found:
            brought.append(found)
        if len(brought) > _MOST:
            raise ImportFormatError(f"More than {_MOST:,} memories are too many for one file.")
    return brought


def _decode(number: int, line: bytes) -> str:
    try:
        return line.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise wrong_line(number, "it is not UTF-8") from error


def _read(number: int, line: str) -> Brought | None:
    if line.startswith("{"):
        return _read_object(number, line)
    sentence = line.removeprefix("-").strip()
    if not sentence or sentence.startswith("#"):
        return None
    if _TOLD.search(sentence):
        raise wrong_line(
            number, "it was made for reading; import what memory export --to X.jsonl wrote"
        )
    if len(sentence) > LONGEST_MEMORY:
        raise wrong_line(number, f"it is longer than {LONGEST_MEMORY} characters")
    return Brought(sentence)


def _read_object(number: int, line: str) -> Brought | None:
    found = _understand(number, line)
    if found.closed_at is not None:
        return None
    learned = Learned(
        *(found.kind, found.subject, found.slot, found.value, found.text),
        since=found.since,
        until=found.until,
        confidence=found.confidence,
    )
    return Brought(learned=learned, at=found.said_at, pinned=found.pinned)


def _understand(number: int, line: str) -> _Line:
    try:
        return _Line.model_validate(clean(json.loads(line)))
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"]))
        raise wrong_line(number, f"{place} is no part of a memory") from error
    except (ValueError, RecursionError) as error:
        raise wrong_line(number, "it is not JSON") from error
