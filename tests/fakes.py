"""Stand-ins for what cannot be real in a test: time, and a model that obeys."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from companion.domain.message import PromptMessage
from companion.domain.model import ModelProfile, ReplyPart, TextDelta, Usage
from companion.domain.preparation import Preparation, Ready


@dataclass
class FakeClock:
    """A clock that moves when it is told to."""

    at: datetime = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
    ticks: float = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.ticks

    def advance(self, pause: timedelta) -> None:
        self.at += pause
        self.ticks += pause.total_seconds()


@dataclass
class ObedientBackend:
    """A backend that says what the test put into ``script``: pieces, errors, waits.

    An ``asyncio.Event`` in the script makes it wait until the test sets it. With a
    ``second_script``, that is what it says from the second time on.
    """

    script: list[ReplyPart | Exception | asyncio.Event] = field(
        default_factory=lambda: [TextDelta("Hello"), TextDelta(" there."), Usage(10, 2)]
    )
    second_script: list[ReplyPart | Exception | asyncio.Event] = field(default_factory=list)
    name: str = "obedient"
    model: str = "obedient-1"
    profile: ModelProfile = field(default_factory=ModelProfile)
    steps: list[Preparation] = field(default_factory=lambda: [Ready(0.0)])
    asked: list[tuple[PromptMessage, ...]] = field(default_factory=list)
    closed: int = 0

    async def prepare(self, prefix: Sequence[PromptMessage]) -> AsyncGenerator[Preparation, None]:
        for step in self.steps:
            yield step

    async def fetch(self) -> AsyncGenerator[Preparation, None]:
        return
        yield

    async def stream_reply(
        self, messages: Sequence[PromptMessage]
    ) -> AsyncGenerator[ReplyPart, None]:
        again = bool(self.asked) and bool(self.second_script)
        self.asked.append(tuple(messages))
        for part in self.second_script if again else self.script:
            if isinstance(part, asyncio.Event):
                await part.wait()
            elif isinstance(part, Exception):
                raise part
            else:
                yield part

    async def check(self) -> str:
        return "obeys"

    async def close(self) -> None:
        self.closed += 1
