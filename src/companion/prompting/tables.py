"""Reading prompt files that are TOML."""

import re
import tomllib
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from companion.domain.errors import PromptError

Shape = TypeVar("Shape")


def parse_table(path: Path, text: str, shape: type[Shape]) -> Shape:
    """Return the TOML in ``text`` as ``shape``, a pydantic model or a mapping of them.

    Raises ``PromptError`` naming the file, ``path``, the line and the place in it.
    """
    try:
        return TypeAdapter(shape).validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"{path}: not valid TOML: {error}.") from None
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        line = find_line(text, problem["loc"])
        raise PromptError(f"{path}:{line}: {place}: {problem['msg']}.") from None


def find_line(text: str, place: Sequence[str | int]) -> int:
    """Return the line of a place in TOML, or of the table that lacks it; lines count from 1.

    ``place`` is a table's name, its number where there are several, and a key in it.
    """
    lines = text.splitlines()
    name, number = str(place[0]), next((part for part in place[1:] if isinstance(part, int)), 0)
    pattern = re.compile(rf"\s*(?:\[+\s*)?{re.escape(name)}\s*[\]=]")
    begins = [at for at, line in enumerate(lines) if pattern.match(line)]
    begin = begins[number] if number < len(begins) else 0
    key = re.compile(rf"\s*{re.escape(str(place[-1]))}\s*=")
    inside = takewhile(lambda at: not lines[at].startswith("["), range(begin + 1, len(lines)))
    return next((at for at in inside if key.match(lines[at])), begin) + 1
