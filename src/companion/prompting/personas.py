"""Reading persona files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from companion.domain.errors import PromptError
from companion.domain.persona import Example, Greetings, Persona
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders
from companion.prompting.tables import parse_table

_FOLDER = "personas"


def _nameless_too(variants: tuple[str, ...]) -> tuple[str, ...]:
    if all("{{user}}" in words for words in variants):
        raise ValueError("one greeting at least must do without {{user}}")
    return variants


_Variants = Annotated[tuple[str, ...], AfterValidator(_nameless_too)]


class _GreetingTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    first: _Variants
    again: _Variants
    back: _Variants


class _ExampleTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    feeling: str = Field(min_length=1)
    user: str = Field(min_length=1)
    reply: str = Field(min_length=1)


class _PersonaFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1)
    summary: str = Field(min_length=1)
    history: str = Field(min_length=1)
    manner: str = Field(min_length=1)
    greetings: _GreetingTable
    examples: tuple[_ExampleTable, ...] = ()


def list_personas(folders: Sequence[Path]) -> list[str]:
    """Return the ids of all personas, sorted."""
    return sorted({path.stem for folder in folders for path in folder.glob(f"{_FOLDER}/*.toml")})


def load_persona(folders: Sequence[Path], persona_id: str) -> Persona:
    """Read a persona by its id. Raises ``PromptError`` naming file, line or field."""
    if persona_id not in list_personas(folders):
        known = ", ".join(list_personas(folders)) or "none"
        raise PromptError(f"There is no persona called {persona_id}. Known: {known}.")
    path = find_prompt(folders, f"{_FOLDER}/{persona_id}.toml")
    return parse_persona(path, read_prompt(path))


def parse_persona(path: Path, text: str) -> Persona:
    """Return the persona that ``text`` describes, the file at ``path`` or what it shall be.

    Raises ``PromptError`` naming file, line or field.
    """
    parsed = parse_table(path, text, _PersonaFile)
    check_placeholders(text, {"user"}, str(path))
    return _to_persona(path.stem, parsed)


def _to_persona(persona_id: str, parsed: _PersonaFile) -> Persona:
    return Persona(
        id=persona_id,
        name=parsed.name,
        summary=parsed.summary,
        history=flow(parsed.history),
        manner=flow(parsed.manner),
        greetings=Greetings(parsed.greetings.first, parsed.greetings.again, parsed.greetings.back),
        examples=tuple(Example(e.feeling, e.user, e.reply) for e in parsed.examples),
    )


def flow(text: str) -> str:
    """Join wrapped lines: a small model pays for every newline and learns nothing from it."""
    paragraphs = text.strip().split("\n\n")
    return "\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
