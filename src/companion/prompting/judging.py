"""Asking a language model which of two replies is better: ``prompts/judge.md``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from companion.domain.errors import PromptError
from companion.domain.message import PromptMessage, Role
from companion.domain.model import JsonSchema, ModelProfile
from companion.prompting.budget import clip_middle, estimate_tokens
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders, fill

_NAMES = frozenset({"persona", "conversation", "message", "first", "second"})
_NEEDED = ("message", "first", "second")
_OBJECT = re.compile(r"\{[^{}]*\}")
_LONGEST_TEXT = 600
_LEAST_TEXT = 60
_MOST_LINES = 12


def _tidy(value: object) -> object:
    """Return a verdict in our spelling; models write ``tie`` as they like."""
    if not isinstance(value, str):
        return value
    word = value.strip().strip(".").upper()
    return word.lower() if word == "TIE" else word


class Opinion(BaseModel):
    """Which of the two replies a judge holds for the better one, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    why: str
    better: Annotated[Literal["A", "B", "tie"], BeforeValidator(_tidy)]


JUDGING_FORM: JsonSchema = Opinion.model_json_schema()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two replies to one message. ``earlier`` is the talk before it, line by line."""

    persona: str
    earlier: Sequence[str]
    message: str
    first: str
    second: str

    def swapped(self) -> "Pair":
        """Return the same pair in the other order."""
        return Pair(self.persona, self.earlier, self.message, self.second, self.first)


def load_judge_prompt(folders: Sequence[Path]) -> str:
    """Read and check ``judge.md``. Raises ``PromptError`` with file and line."""
    path = find_prompt(folders, "judge.md")
    text = read_prompt(path)
    check_placeholders(text, _NAMES, str(path))
    for name in _NEEDED:
        if not re.search(r"\{\{\s*" + name + r"\s*\}\}", text):
            raise PromptError(f"{path}: the judge cannot do without {{{{{name}}}}}.")
    return text


def compose_question(prompt: str, pair: Pair, profile: ModelProfile) -> tuple[PromptMessage, ...]:
    """Return what the judge reads.

    Long texts lose their middle, and the oldest lines are left out, so that it fits into the
    judge's context; nothing where even that does not help.
    """
    room = profile.context_tokens - profile.reply_tokens - estimate_tokens(prompt)
    longest = min(_LONGEST_TEXT, room // (len(_NEEDED) + 1))
    if longest < _LEAST_TEXT:
        return ()
    texts = [clip_middle(text, longest) for text in (pair.message, pair.first, pair.second)]
    room -= sum(map(estimate_tokens, texts))
    values = dict(zip(_NEEDED, texts, strict=True))
    values |= {"persona": pair.persona, "conversation": _tell_latest(pair.earlier, room)}
    return (PromptMessage(Role.USER, fill(prompt, values)),)


def read_opinion(answer: str) -> Opinion | None:
    """Return the opinion in a judge's answer, the last one where it says several.

    ``None`` where there is none in the form that was asked for.
    """
    for found in (answer, *reversed(_OBJECT.findall(answer))):
        try:
            return Opinion.model_validate_json(found)
        except ValidationError:
            continue
    return None


def _tell_latest(lines: Sequence[str], room: int) -> str:
    told: list[str] = []
    for line in reversed(lines[-_MOST_LINES:]):
        clipped = clip_middle(" ".join(line.split()), _LONGEST_TEXT // 3)
        room -= estimate_tokens(clipped)
        if room < 0:
            break
        told.insert(0, clipped)
    return "\n".join(told) or "nothing was said before"
