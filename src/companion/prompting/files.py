"""Finding and reading prompt files."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from companion.domain.errors import PromptError

_ENDINGS = (".md", ".toml")
_SHAPES_NO_REPLY = ("README", "judge.md")


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


def hash_prompts(folders: Sequence[Path], persona_id: str) -> dict[str, str]:
    """Return the SHA-256 of every prompt file that shapes replies, by its name.

    Of one persona only.
    """
    found: dict[str, Path] = {}
    for folder in folders:
        for path in folder.rglob("*.*"):
            found.setdefault(path.relative_to(folder).as_posix(), path)
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted(found.items())
        if path.is_file() and path.suffix in _ENDINGS
        if not path.name.startswith(_SHAPES_NO_REPLY)
        if path.parent.name != "personas" or path.stem == persona_id
    }


def read_prompt(path: Path) -> str:
    """Return the text of a prompt file. Raises ``PromptError``."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path} cannot be read: {error}.") from None
