"""Her first words after a while: ``prompts/check_ins.toml``."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from companion.domain.errors import PromptError
from companion.domain.mood import MoodFamily
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders
from companion.prompting.tables import find_line, parse_table


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")
    words: tuple[str, ...] = Field(min_length=1)


def load_check_ins(folders: Sequence[Path]) -> Mapping[MoodFamily, tuple[str, ...]]:
    """Read and check ``check_ins.toml``. Raises ``PromptError`` naming file and place."""
    path = find_prompt(folders, "check_ins.toml")
    text = read_prompt(path)
    tables = parse_table(path, text, dict[str, _Table])
    families = {family.value for family in MoodFamily}
    if unknown := ", ".join(sorted(tables.keys() - families)):
        known = ", ".join(sorted(families))
        line = min(find_line(text, (name,)) for name in tables.keys() - families)
        raise PromptError(f"{path}:{line}: {unknown} is no kind of mood. Known: {known}.")
    check_placeholders(text, {"when"}, str(path))
    return {MoodFamily(name): table.words for name, table in tables.items()}
