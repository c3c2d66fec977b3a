"""Finding and reading prompt files."""

from collections.abc import Sequence
from pathlib import Path

from companion.domain.errors import PromptError


def find_prompt(folders: Sequence[Path], name: str) -> Path:
    """Return the first file called ``name`` (a path relative to a prompts folder).

    Raises ``PromptError`` if no folder has it.
    """
    for folder in folders:
        path = folder / name
        if path.is_file():
            return path
    places = ", ".join(str(folder) for folder in folders) or "no folder"
    raise PromptError(f"The prompt file {name} is missing; looked in {places}.")


def read_prompt(path: Path) -> str:
    """Return the text of a prompt file. Raises ``PromptError``."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path} cannot be read: {error}.") from None
