"""Replies written beforehand, word by word: for replay, tests and demonstrations."""

import asyncio
import itertools
import re
import tomllib
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from companion.backends.kinds import Services, read_table
from companion.domain.errors import SettingsError
from companion.domain.message import PromptMessage
from companion.domain.model import JsonSchema, ModelProfile, ReplyPart, TextDelta
from companion.domain.preparation import Preparation, Ready
from companion.protocols.model import Backend

KIND = "scripted"

_WORD = re.compile(r"\S+\s*|\s+")
_BETWEEN_REPLIES = re.compile(r"^---\s*$", re.MULTILINE)

_Reply = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Script(BaseModel):
    """The replies in a file."""

    replies: tuple[_Reply, ...] = Field(min_length=1)


class Settings(BaseModel):
    """The table ``[backends.NAME]`` of a script. It has either ``replies`` or ``file``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replies: tuple[_Reply, ...] = ()
    """What to say, in this order, and then from the beginning again."""
    file: Path | None = None
    """A TOML file with ``replies``, or a text file with ``---`` between two replies."""
    seconds_per_word: float = Field(default=0.0, ge=0, le=10)
    """How long each word takes."""

    @model_validator(mode="after")
    def _need_one_source(self) -> Self:
        if bool(self.replies) == (self.file is not None):
            raise ValueError("give either replies or file")
        return self


class ScriptedBackend:
    """A model that says what it was told to say."""

    profile = ModelProfile()

    def __init__(self, name: str, replies: Sequence[str], seconds_per_word: float = 0.0) -> None:
        self._name = name
        self._replies = itertools.cycle(replies)
        self._seconds_per_word = seconds_per_word

    @property
    def name(self) -> str:
        """The name that the settings give it."""
        return self._name

    @property
    def model(self) -> str:
        """Always ``script``."""
        return "script"

    async def prepare(self, prefix: Sequence[PromptMessage]) -> AsyncGenerator[Preparation, None]:
        """Be ready at once."""
        yield Ready(0.0)

    async def fetch(self) -> AsyncGenerator[Preparation, None]:
        """Do nothing."""
        return
        yield

    async def stream_reply(
        self, messages: Sequence[PromptMessage], *, form: JsonSchema | None = None
    ) -> AsyncGenerator[ReplyPart, None]:
        """Yield the next reply of the script, whatever was said."""
        for word in _WORD.findall(next(self._replies)):
            await asyncio.sleep(self._seconds_per_word)
            yield TextDelta(word)

    async def check(self) -> str:
        """Tell that nothing can go wrong."""
        return "The script is at hand."

    async def close(self) -> None:
        """Do nothing."""


def build(name: str, table: Mapping[str, Any], services: Services) -> Backend:
    """Build the backend ``name`` from its table. Raises ``SettingsError``."""
    settings = read_table(name, table, Settings)
    replies = settings.replies if settings.file is None else _read_replies(name, settings.file)
    return ScriptedBackend(name, replies, settings.seconds_per_word)


def _read_replies(name: str, file: Path) -> tuple[str, ...]:
    try:
        text = file.expanduser().read_text(encoding="utf-8")
        if file.suffix == ".toml":
            return Script.model_validate(tomllib.loads(text)).replies
        return Script.model_validate({"replies": _BETWEEN_REPLIES.split(text)}).replies
    except OSError as error:
        raise SettingsError(
            f"[backends.{name}] cannot read {file}. Check the path in file and start again."
        ) from error
    except ValueError as error:
        raise SettingsError(
            f"[backends.{name}] finds no replies in {file}. Write replies = [...] in a .toml "
            "file, or plain text with a line --- between two replies."
        ) from error
