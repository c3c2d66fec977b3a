"""An export as JSON Lines: a header, one record a line, and an end that counts them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from companion import __version__
from companion.domain.errors import ImportFormatError
from companion.domain.memory_records import AnyRecord
from companion.domain.records import FORMAT, VERSION, EndRecord, HeaderRecord, Record
from companion.portable.lines import Progress, clean, read_objects, wrong_line

_ADAPTER: TypeAdapter[Record] = TypeAdapter(AnyRecord)
_NEWER = "The export was written by a newer version of Companion. Update Companion and try again."
_HALF = (
    "The file ends too early: the last line of an export is missing. Nothing was imported; "
    "copy the file again."
)


def write_records(records: Iterable[Record], at: datetime) -> Iterator[str]:
    """Yield the lines of an export that is made at ``at``."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    yield _line(HeaderRecord(program=__version__, exported_at=moment))
    count = 0
    for record in records:
        count += 1
        yield _line(record)
    yield _line(EndRecord(records=count))


def read_records(lines: BinaryIO, progress: Progress) -> Iterator[Record]:
    """Yield the records of an export. Raises ``ImportFormatError``, which names the line."""
    objects = read_objects(lines, progress)
    for number, fields in objects:
        _check_header(number, fields)
        break
    count, ended = 0, False
    for number, fields in objects:
        if ended:
            raise wrong_line(number, "it comes after the end")
        if fields.get("record") == "end":
            ended = True
            if fields.get("records") != count:
                raise wrong_line(number, f"{count} records are here and not as many as it says")
            continue
        count += 1
        yield _to_record(number, fields)
    if not ended:
        raise ImportFormatError(_HALF)


def _line(record: Record) -> str:
    return record.model_dump_json(exclude_none=True) + "\n"


def _check_header(number: int, fields: dict[str, object]) -> None:
    version = fields.get("version")
    if fields.get("format") != FORMAT or not isinstance(version, int):
        raise wrong_line(number, "it is not the header of an export")
    if version > VERSION:
        raise ImportFormatError(_NEWER)


def _to_record(number: int, fields: dict[str, object]) -> Record:
    try:
        return _ADAPTER.validate_python(clean(fields))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        what = first["msg"][:1].lower() + first["msg"][1:]
        raise wrong_line(number, f'"{where}": {what}' if where else what) from error
