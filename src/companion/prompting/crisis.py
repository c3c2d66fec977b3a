"""How she meets somebody in danger: ``prompts/crisis.md`` and ``crisis_words.toml``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from companion.domain.care import Stance
from companion.domain.errors import PromptError
from companion.domain.safety import Danger, Fault
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders
from companion.prompting.tables import parse_table

_DIVIDER = "=== danger ==="
_URGENT_FROM = 4

_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Variants = Annotated[tuple[_Words, ...], Field(min_length=1)]


class CrisisWords(BaseModel):
    """What is said about one kind of danger: to thoughts, to a plan, and afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    talk: _Variants
    urgent: _Variants
    after: _Variants


class _Instead(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    method: _Variants
    encouragement: _Variants
    diagnosis: _Variants
    human: _Variants
    pressure: _Variants
    cheer: _Variants
    romance: _Variants


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    suicide: CrisisWords
    self_harm: CrisisWords
    eating: CrisisWords
    harm_to_others: CrisisWords
    abuse: CrisisWords
    somebody_else: CrisisWords
    instead: _Instead


@dataclass(frozen=True, slots=True)
class CrisisBook:
    """What a model is told, and the words that are said without one.

    ``asking`` is for a hint of danger, ``staying`` for danger.
    """

    asking: str
    staying: str
    words: Mapping[Danger, CrisisWords]
    substitutes: Mapping[Fault, tuple[str, ...]]

    def frame(self, stance: Stance) -> str:
        """Return what the model is told, or nothing where there is no danger."""
        if stance.crisis:
            return self.staying
        return self.asking if stance.asks else ""

    def say(self, stance: Stance, turn: int) -> str:
        """Return the whole reply to somebody in danger; ``turn`` counts the variants up."""
        found = stance.screening
        table = self.words.get(found.category, self.words[Danger.SUICIDE])
        if not found.card:
            variants = table.after
        else:
            variants = table.urgent if found.tier >= _URGENT_FROM else table.talk
        return variants[turn % len(variants)]

    def replace(self, fault: Fault, turn: int) -> str:
        """Return what is said in place of a sentence with a fault."""
        variants = self.substitutes[fault]
        return variants[turn % len(variants)]


def load_crisis_book(folders: Sequence[Path]) -> CrisisBook:
    """Read and check both files. Raises ``PromptError`` naming file and place."""
    asking, staying = _read_frame(folders)
    path = find_prompt(folders, "crisis_words.toml")
    text = read_prompt(path)
    check_placeholders(text, (), str(path))
    written = parse_table(path, text, _File)
    dangers = [danger for danger in Danger if danger is not Danger.NONE]
    return CrisisBook(
        asking,
        staying,
        {danger: getattr(written, danger.value) for danger in dangers},
        {fault: getattr(written.instead, fault.value) for fault in Fault},
    )


def _read_frame(folders: Sequence[Path]) -> tuple[str, str]:
    path = find_prompt(folders, "crisis.md")
    text = read_prompt(path)
    check_placeholders(text, (), str(path))
    asking, divider, staying = text.partition(_DIVIDER)
    if not (divider and asking.strip() and staying.strip()):
        raise PromptError(f"{path}: words above and below the line '{_DIVIDER}' are needed.")
    return " ".join(asking.split()), " ".join(staying.split())
