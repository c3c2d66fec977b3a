"""Reading prompt files that are TOML."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from companion.domain.errors import PromptError

Shape = TypeVar("Shape")


def parse_table(path: Path, text: str, shape: type[Shape]) -> Shape:
    """Return the TOML in ``text`` as ``shape``, a pydantic model or a mapping of them.

    Raises ``PromptError`` naming the file, ``path``, and the place in it.
    """
    try:
        return TypeAdapter(shape).validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"{path}: not valid TOML: {error}.") from None
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise PromptError(f"{path}: {place}: {problem['msg']}.") from None
