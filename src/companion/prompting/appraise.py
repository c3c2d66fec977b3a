"""Asking a language model how somebody feels: ``prompts/appraise.md``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from companion.domain.message import PromptMessage, Role
from companion.domain.model import JsonSchema
from companion.domain.mood import EMOTIONS, Affect, Appraisal
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders, fill

_NAMES = frozenset({"labels", "context", "message"})
_Side = Field(ge=-1.0, le=1.0)
_Share = Field(ge=0.0, le=1.0)


class _Judgement(BaseModel):
    model_config = ConfigDict(extra="forbid")
    labels: list[Literal[EMOTIONS]] = Field(min_length=1, max_length=3)  # type: ignore[valid-type]
    valence: float = _Side
    arousal: float = _Side
    dominance: float = _Side
    intensity: float = _Share
    confidence: float = _Share
    evidence: list[str]


APPRAISAL_FORM: JsonSchema = _Judgement.model_json_schema()


def load_appraise_prompt(folders: Sequence[Path]) -> str:
    """Read and check ``appraise.md``. Raises ``PromptError`` with file and line."""
    path = find_prompt(folders, "appraise.md")
    text = read_prompt(path)
    check_placeholders(text, _NAMES, str(path))
    return text


def compose_question(prompt: str, message: str, context: str) -> tuple[PromptMessage, ...]:
    """Return what the model reads to judge ``message``."""
    values = {"labels": ", ".join(EMOTIONS), "context": context or "nothing", "message": message}
    return (PromptMessage(Role.USER, fill(prompt, values)),)


def read_judgement(answer: str, message: str) -> Appraisal | None:
    """Return the appraisal in a model's answer, or ``None`` if it is not in that shape.

    Evidence that the message does not contain is dropped.
    """
    try:
        judged = _Judgement.model_validate_json(answer)
    except ValidationError:
        return None
    labels = tuple(dict.fromkeys(judged.labels))
    return Appraisal(
        emotions={name: judged.confidence if name in labels else 0.0 for name in EMOTIONS},
        labels=labels,
        affect=Affect(judged.valence, judged.arousal, judged.dominance),
        intensity=judged.intensity,
        confidence=judged.confidence,
        evidence=tuple(piece for piece in judged.evidence if piece and piece in message),
    )
