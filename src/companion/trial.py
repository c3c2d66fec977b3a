"""Trying a language model out: what its endpoint can do, and how quickly."""

import itertools
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from companion.domain.errors import CompanionError
from companion.domain.message import PromptMessage, Role
from companion.domain.model import JsonSchema, Restarted, TextDelta, Usage
from companion.domain.preparation import Ready
from companion.prompting.budget import estimate_tokens
from companion.protocols.model import Backend

_HELLO = "Say in one or two sentences what the sea is like in the morning."
_LONG = "Count from one to three hundred in words, one number after the other, without a pause."
_SHORT = "Say hello."
_FORM_QUESTION = (
    "A spider has eight legs. Which animal is this about, and how many legs has it? "
    'Answer as JSON with "animal" and "legs".'
)
_WORD = "marzipan"
_BEGINNING = f"The word of the day is {_WORD}. What follows is only there to be long."
_END = "Which word was the word of the day, at the very beginning? Answer with that one word."
_FILLER = "the sun came up over the hill and the old dog went down to the road again"
_SLOW_TO_STOP = 3.0
"""So many times what a first word takes, and three seconds, may pass after stopping."""
_FEW_WORDS = 3
_QUOTED = 80
_WORDS_READ = 0.9
"""No vocabulary has fewer tokens than this share of the words of the filler."""


Found = tuple[bool | None, str]


class _Animal(BaseModel):
    model_config = ConfigDict(extra="forbid")
    animal: Literal["spider", "dog"]
    legs: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. ``ok`` is ``None`` where it cannot be told or was not tried."""

    check: str
    ok: bool | None
    says: str


@dataclass(slots=True)
class Heard:
    """A reply as it was heard. Seconds are counted from the question on."""

    text: str = ""
    pieces: int = 0
    first: float = 0.0
    total: float = 0.0
    usage: Usage = field(default_factory=lambda: Usage(None, None))

    @property
    def rate(self) -> float | None:
        """Tokens a second after the first piece, if that can be told."""
        tokens, writing = self.usage.reply_tokens, self.total - self.first
        return (tokens - 1) / writing if tokens and tokens > 1 and writing > 0 else None


@dataclass(slots=True)
class Trial:
    """Tries one backend. ``held`` is the same one with its replies held to a form.

    ``whole`` is whether its context is filled as well, which may take minutes. After ``run``,
    ``reply`` and ``ready`` tell what it said and how long it took to get ready, in seconds.
    """

    backend: Backend
    held: Backend
    whole: bool = True
    clock: Callable[[], float] = time.monotonic
    reply: Heard = field(default_factory=Heard)
    ready: float = 0.0

    async def run(self) -> AsyncGenerator[Finding, None]:
        """Yield what each check found; nothing more once it is clear that it does not answer."""
        needed = (("reachable", self._reach), ("ready", self._prepare), ("streams", self._stream))
        for name, check in needed:
            finding = await _find(name, check)
            yield finding
            if not finding.ok:
                return
        yield await _find("stops", self._stop)
        yield await _find("structured", self._hold)
        if self.whole:
            yield await _find("context", self._fill)

    async def _reach(self) -> Found:
        return True, await self.backend.check()

    async def _prepare(self) -> Found:
        async with aclosing(self.backend.prepare(())) as steps:
            async for step in steps:
                if isinstance(step, Ready):
                    self.ready = step.seconds
        return True, f"After {self.ready:.1f} s."

    async def _stream(self) -> Found:
        heard = self.reply = await self._ask(_HELLO)
        rate = f", then {heard.rate:.1f} tokens a second" if heard.rate else ""
        says = f"First word after {heard.first:.1f} s{rate}, in {heard.pieces} pieces."
        if heard.pieces > 1 or len(heard.text.split()) < _FEW_WORDS:
            return True, says
        return False, f"The whole reply came in one piece, after {heard.first:.1f} s."

    async def _stop(self) -> Found:
        """Hang up in the middle of a long reply, and see how soon the next one begins."""
        async with aclosing(self.backend.stream_reply(_asking(_LONG))) as parts:
            async for part in parts:
                if isinstance(part, TextDelta):
                    break
            began = self.clock()
        stopped, after = self.clock() - began, await self._ask(_SHORT)
        told = f"Stopped in {stopped:.1f} s; the next first word came {after.first:.1f} s later"
        if stopped + after.first <= _SLOW_TO_STOP * (self.reply.first + 1.0):
            return True, f"{told}."
        return False, f"{told}: the server seems to go on with a reply that nobody hears."

    async def _hold(self) -> Found:
        if not self.held.profile.structured:
            return None, "Not tried: this model is not asked for more than replies."
        heard = await self._ask(_FORM_QUESTION, self.held, _Animal.model_json_schema())
        try:
            _Animal.model_validate_json(heard.text)
        except ValidationError:
            return False, f"Asked for a form, it answered: {_clip(heard.text)}"
        used = self.backend.profile.structured
        return True, "Held to a JSON schema" + (
            "." if used else "; set structured = true to use it."
        )

    async def _fill(self) -> Found:
        """Ask with as long a prompt as is ever sent, and see how much of it was read."""
        profile = self.backend.profile
        question, words = _make_long(profile.context_tokens - profile.reply_tokens)
        heard = await self._ask(question)
        read, told = heard.usage.prompt_tokens, f"{profile.context_tokens:,} tokens"
        if read is not None and read < words * _WORDS_READ:
            return False, f"{told} are promised, but of {words:,} words it read {read:,} tokens."
        if read is not None:
            return True, f"{told}: it read all of {words:,} words, {read:,} tokens by its count."
        if _WORD in heard.text.lower():
            return True, f"{told}: it remembers the beginning of {words:,} words."
        return None, f"{told}: it took {words:,} words and does not tell how much it read of them."

    async def _ask(
        self, question: str, backend: Backend | None = None, form: JsonSchema | None = None
    ) -> Heard:
        asked, heard, began = backend or self.backend, Heard(), self.clock()
        async with aclosing(asked.stream_reply(_asking(question), form=form)) as parts:
            async for part in parts:
                match part:
                    case TextDelta():
                        heard.first = heard.first or self.clock() - began
                        heard.text += part.text
                        heard.pieces += 1
                    case Restarted():
                        heard = Heard()
                    case Usage():
                        heard.usage = part
        heard.total = self.clock() - began
        return heard


async def _find(name: str, check: Callable[[], Awaitable[Found]]) -> Finding:
    try:
        return Finding(name, *await check())
    except CompanionError as error:
        return Finding(name, False, str(error))


def _asking(question: str) -> tuple[PromptMessage, ...]:
    return (PromptMessage(Role.USER, question),)


def _make_long(tokens: int) -> tuple[str, int]:
    """Return a question of as many tokens as we estimate, and how many words it has."""
    room = tokens - estimate_tokens(f"{_BEGINNING}\n\n{_END}")
    line = estimate_tokens(_FILLER) - estimate_tokens("")
    filler = " ".join(itertools.repeat(_FILLER, max(1, room // (line + 1))))
    text = f"{_BEGINNING}\n{filler}\n{_END}"
    return text, len(text.split())


def _clip(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _QUOTED else f"{words[:_QUOTED]}…"
