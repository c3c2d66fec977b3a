"""The words of remembering: ``memories.md``, ``follow_ups.toml``, ``forgetting.toml``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from companion.domain.errors import PromptError
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders, fill
from companion.prompting.tables import parse_table

Occasion = Literal["event", "hard", "plan", "worry", "promise"]
_OCCASIONS = frozenset(("event", "hard", "plan", "worry", "promise"))
_SENTENCE = re.compile(r"(^|[.!?]\s+)([a-z])")


class FollowUpWords(BaseModel):
    """How she asks what became of something; ``words`` tell a hard thing by its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    greeting: tuple[str, ...] = Field(min_length=1)
    note: str = Field(min_length=1)
    words: tuple[str, ...] = ()


class ForgettingWords(BaseModel):
    """What she answers when she is asked to forget."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    done: str
    said: str
    nothing: str
    everything: str


@dataclass(frozen=True, slots=True)
class MemoryWords:
    """All of it, read and checked."""

    frame: str
    follow_ups: Mapping[str, FollowUpWords]
    forgetting: ForgettingWords

    @property
    def hard(self) -> tuple[str, ...]:
        """Words for things that are asked about more gently."""
        return self.follow_ups["hard"].words

    def tell(self, sentences: Sequence[str]) -> str:
        """Return what the model is told of memories, on one line; nothing without any."""
        if not sentences:
            return ""
        return " ".join(fill(self.frame, {"memories": " ".join(sentences)}).split())

    def ask(self, occasion: Occasion, what: str, when: str, turn: int) -> str:
        """Return her first words; ``turn`` counts up, so that they are not always the same."""
        variants = self.follow_ups[occasion].greeting
        return _write(variants[turn % len(variants)], {"what": what, "when": when})

    def suggest(self, occasion: Occasion, what: str) -> str:
        """Return how the model is told to ask."""
        return _write(self.follow_ups[occasion].note, {"what": what, "when": ""})

    def confess(self, about: str, memories: int, messages: int) -> str:
        """Return what she answers to a wish to forget, after what was done."""
        if not about:
            return self.forgetting.everything
        words = self.forgetting.done if memories else self.forgetting.said
        words = words if memories or messages else self.forgetting.nothing
        count = "one thing I knew" if memories == 1 else f"{memories} things I knew"
        return fill(words, {"about": about, "count": count})


def load_memory_words(folders: Sequence[Path]) -> MemoryWords:
    """Read and check the three files. Raises ``PromptError`` naming file and place."""
    frame_path = find_prompt(folders, "memories.md")
    frame = read_prompt(frame_path)
    check_placeholders(frame, {"memories"}, str(frame_path))
    path, text = _read(folders, "follow_ups.toml", {"what", "when"})
    follow_ups = parse_table(path, text, dict[str, FollowUpWords])
    if follow_ups.keys() != _OCCASIONS:
        wrong = ", ".join(sorted(follow_ups.keys() ^ _OCCASIONS))
        raise PromptError(f"{path}: each occasion needs one table; look at: {wrong}.")
    path, text = _read(folders, "forgetting.toml", {"about", "count"})
    return MemoryWords(frame, follow_ups, parse_table(path, text, ForgettingWords))


def _read(folders: Sequence[Path], name: str, known: set[str]) -> tuple[Path, str]:
    path = find_prompt(folders, name)
    text = read_prompt(path)
    check_placeholders(text, known, str(path))
    return path, text


def _write(words: str, values: Mapping[str, str]) -> str:
    """Fill words and let each sentence begin with a capital letter."""
    line = " ".join(fill(words, values).split()).replace(" ?", "?")
    return _SENTENCE.sub(lambda match: match[1] + match[2].upper(), line)
