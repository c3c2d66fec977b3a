"""Asking a language model what it makes of some turns: ``summary.md`` and its like."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from companion.domain.message import Message, PromptMessage, Role
from companion.domain.model import JsonSchema, ModelProfile
from companion.prompting.budget import clip_middle, estimate_tokens
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders, fill

_LONGEST_LINE = 300
_SHORTEST_LINE = 30


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Sentence(_Form):
    """A sentence, and the numbers of the lines that it was made of, from 1."""

    text: str
    turns: list[int] = Field(min_length=1)


class _Summary(_Form):
    sentences: list[Sentence] = Field(max_length=8)


class Sighting(_Form):
    """Something that a line tells: a model's word for it, not yet believed.

    ``turn`` is the number of the line, from 1, ``words`` are copied from it; ``text`` says it
    as the user would, in a sentence with "I".
    """

    turn: int
    words: str
    kind: Literal["person", "work", "place", "like", "dislike", "fact", "event", "plan", "worry"]
    subject: str
    value: str
    text: str


class _Sightings(_Form):
    memories: list[Sighting] = Field(max_length=5)


SUMMARY_FORM: JsonSchema = _Summary.model_json_schema()
NOTICING_FORM: JsonSchema = _Sightings.model_json_schema()


@dataclass(frozen=True, slots=True)
class ThinkingWords:
    """The questions, read and checked."""

    summary: str
    noticing: str
    reflection: str


def load_thinking_words(folders: Sequence[Path]) -> ThinkingWords:
    """Read and check the three files. Raises ``PromptError`` with file and line."""
    texts = []
    for name in ("summary.md", "noticing.md", "reflection.md"):
        path = find_prompt(folders, name)
        texts.append(read_prompt(path))
        check_placeholders(texts[-1], {"persona", "turns"}, str(path))
    return ThinkingWords(*texts)


def compose_lines(
    prompt: str, persona: str, lines: Sequence[str], profile: ModelProfile
) -> tuple[PromptMessage, ...]:
    """Return a question about ``lines``; of lines that are too long the middle is left out.

    Nothing where the model's context is too small for it.
    """
    left = profile.context_tokens - profile.reply_tokens - estimate_tokens(prompt)
    room = min(_LONGEST_LINE, left // max(1, len(lines)))
    if room < _SHORTEST_LINE:
        return ()
    told = "\n".join(clip_middle(" ".join(line.split()), room) for line in lines)
    return (PromptMessage(Role.USER, fill(prompt, {"persona": persona, "turns": told})),)


def number_turns(messages: Sequence[Message], persona: str) -> list[str]:
    """Return a talk line by line, numbered from 1."""
    names = {Role.USER: "Person", Role.ASSISTANT: persona}
    return [f"[{n}] {names[each.role]}: {each.text}" for n, each in enumerate(messages, 1)]


def read_summary(answer: str) -> list[Sentence]:
    """Return the sentences of a model's answer; none if it is not in that shape."""
    try:
        return _Summary.model_validate_json(answer).sentences
    except ValidationError:
        return []


def read_sightings(answer: str) -> list[Sighting]:
    """Return what a model's answer tells; nothing if it is not in that shape."""
    try:
        return _Sightings.model_validate_json(answer).memories
    except ValidationError:
        return []
