"""Lines of JSON in a file that somebody else may have written."""

import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

from companion.domain.errors import ImportFormatError
from companion.safety.sanitise import make_harmless

_LONGEST_LINE = 64_000_000

Progress = Callable[[int], None]
"""Is told how many bytes were read."""


def read_objects(lines: BinaryIO, progress: Progress) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the number of each line and the JSON object in it; empty lines are passed over.

    Raises ``ImportFormatError`` with the number of the line that cannot be read.
    """
    number = done = 0
    while line := lines.readline(_LONGEST_LINE + 1):
        number += 1
        done += len(line)
        if len(line) > _LONGEST_LINE:
            raise wrong_line(number, f"it is longer than {_LONGEST_LINE // 1_000_000} MB")
        if line.strip():
            yield number, _read_object(line, number)
        progress(done)


def wrong_line(number: int, why: str) -> ImportFormatError:
    """Return the error that names a line and what is wrong with it."""
    return ImportFormatError(
        f"Line {number} cannot be taken in: {why}. Nothing was imported; "
        "mend that line and try again."
    )


def clean(value: object) -> object:
    """Return a JSON value in which no text can drive a terminal."""
    if isinstance(value, str):
        return make_harmless(value)
    if isinstance(value, list):
        return [clean(each) for each in value]
    if isinstance(value, dict):
        return {make_harmless(name): clean(each) for name, each in value.items()}
    return value


def _read_object(line: bytes, number: int) -> dict[str, object]:
    try:
        found = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except UnicodeDecodeError as error:
        raise wrong_line(number, "it is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise wrong_line(number, "it is not JSON") from error
    if not isinstance(found, dict):
        raise wrong_line(number, "it is not a JSON object")
    return found
