"""The frame of a reply: ``prompts/reply.md``."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from companion.domain.errors import PromptError
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders, fill

_DIVIDER = "=== what changes ==="
STABLE_NAMES = frozenset({"persona", "history", "manner", "about_user"})
CHANGING_NAMES = frozenset({"when", "memories", "mood", "strategy"})


@dataclass(frozen=True, slots=True)
class ReplyFrame:
    """The two halves of the frame, checked but not filled."""

    stable: str
    changing: str

    def fill_stable(self, **values: str) -> str:
        """Return the part that is the same in every turn of a conversation."""
        return fill(self.stable, values).strip()

    def fill_changing(self, **values: str) -> str:
        """Return the part that may differ from turn to turn; may be empty.

        What is not given is left empty.
        """
        values = dict.fromkeys(CHANGING_NAMES, "") | values
        return " ".join(fill(self.changing, values).split())


def load_reply_frame(folders: Sequence[Path]) -> ReplyFrame:
    """Read and check ``reply.md``. Raises ``PromptError`` with file and line."""
    path = find_prompt(folders, "reply.md")
    text = read_prompt(path)
    stable, divider, changing = text.partition(_DIVIDER)
    if not divider:
        raise PromptError(f"{path}: the line '{_DIVIDER}' is missing.")
    check_placeholders(stable, STABLE_NAMES, str(path))
    check_placeholders(changing, CHANGING_NAMES, str(path), first_line=stable.count("\n") + 1)
    return ReplyFrame(stable, changing)
