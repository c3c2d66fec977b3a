"""Her first words after a while: ``prompts/check_ins.toml``."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from companion.domain.errors import PromptError
from companion.domain.mood import MoodFamily
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")
    words: tuple[str, ...] = Field(min_length=1)


def load_check_ins(folders: Sequence[Path]) -> Mapping[MoodFamily, tuple[str, ...]]:
    """Read and check ``check_ins.toml``. Raises ``PromptError`` naming file and place."""
    path = find_prompt(folders, "check_ins.toml")
    text = read_prompt(path)
    try:
        tables = {name: _Table.model_validate(t) for name, t in tomllib.loads(text).items()}
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"{path}: not valid TOML: {error}.") from None
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise PromptError(f"{path}: {place}: {problem['msg']}.") from None
    families = {family.value for family in MoodFamily}
    if unknown := ", ".join(sorted(tables.keys() - families)):
        known = ", ".join(sorted(families))
        raise PromptError(f"{path}: {unknown} is no kind of mood. Known: {known}.")
    check_placeholders(text, {"when"}, str(path))
    return {MoodFamily(name): table.words for name, table in tables.items()}
