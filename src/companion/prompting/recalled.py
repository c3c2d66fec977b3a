"""How what was said before is told: ``prompts/recalled.toml``."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from companion.domain.memory import Recalled
from companion.domain.message import Role
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders, fill
from companion.prompting.tables import parse_table

_PIECE_NAMES = {"theirs": {"when", "words"}, "hers": {"when", "words"}}
_OTHERS_NAMES = {"when", "words", "name"}
# The note stands in square brackets and a quotation in quotation marks: what was said
# shall not be able to end either.
_HARMLESS = str.maketrans({"[": "(", "]": ")", "“": "'", "”": "'", '"': "'"})


def make_quotable(words: str) -> str:
    """Return words that can stand in a note, between quotation marks."""
    return words.translate(_HARMLESS)


class RecalledWords(BaseModel):
    """The words around what is quoted."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    brief: str
    full: str
    theirs: str
    hers: str
    others: str

    def quote(self, item: Recalled, words: str, when: str) -> str:
        """Return one thing that was said: who said it, and when, in plain words."""
        told = {"when": f"{when[0].upper()}{when[1:]}", "words": make_quotable(words)}
        if item.named:
            return fill(self.others, told | {"name": make_quotable(item.speaker)})
        return fill(self.theirs if item.role is Role.USER else self.hers, told)

    def tell(self, quotes: Sequence[str], *, brief: bool) -> str:
        """Return all of it as it stands in a note, on one line; nothing of nothing."""
        if not quotes:
            return ""
        told = fill(self.brief if brief else self.full, {"quotes": " ".join(quotes)})
        return " ".join(told.split())


def load_recalled_words(folders: Sequence[Path]) -> RecalledWords:
    """Read and check ``recalled.toml``. Raises ``PromptError`` naming file and place."""
    path = find_prompt(folders, "recalled.toml")
    words = parse_table(path, read_prompt(path), RecalledWords)
    for name in ("brief", "full"):
        check_placeholders(getattr(words, name), {"quotes"}, f"{path}: {name}")
    for name, known in {**_PIECE_NAMES, "others": _OTHERS_NAMES}.items():
        check_placeholders(getattr(words, name), known, f"{path}: {name}")
    return words
