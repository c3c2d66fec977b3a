"""What a model is told of somebody under 18: ``prompts/minor.md``."""

from collections.abc import Sequence
from pathlib import Path

from companion.domain.errors import PromptError
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders


def load_minor_words(folders: Sequence[Path]) -> str:
    """Read and check the file. Raises ``PromptError``, also where nothing is in it."""
    path = find_prompt(folders, "minor.md")
    text = read_prompt(path)
    check_placeholders(text, (), str(path))
    if not text.strip():
        raise PromptError(f"{path}: it is empty. Say what a model is told of a minor.")
    return " ".join(text.split())
