"""Stand-ins for what cannot be real in a test: time, and a model that obeys."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from companion.domain.message import PromptMessage
from companion.domain.model import JsonSchema, ModelProfile, ReplyPart, TextDelta, Usage
from companion.domain.mood import EMOTIONS, Affect, Appraisal
from companion.domain.preparation import Preparation, Ready
from companion.domain.safety import Danger, Screening


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
class OpenDrawer:
    """A keyring that anybody may look into."""

    kept: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, secret: str) -> None:
        self.kept[name] = secret

    def remove(self, name: str) -> bool:
        return self.kept.pop(name, None) is not None


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
    forms: list[JsonSchema | None] = field(default_factory=list)
    closed: int = 0

    async def prepare(self, prefix: Sequence[PromptMessage]) -> AsyncGenerator[Preparation, None]:
        for step in self.steps:
            yield step

    async def fetch(self) -> AsyncGenerator[Preparation, None]:
        return
        yield

    async def stream_reply(
        self, messages: Sequence[PromptMessage], *, form: JsonSchema | None = None
    ) -> AsyncGenerator[ReplyPart, None]:
        again = bool(self.asked) and bool(self.second_script)
        self.asked.append(tuple(messages))
        self.forms.append(form)
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


FEELINGS = {
    "sad": ("sadness", Affect(-0.6, -0.3, -0.3)),
    "tired": ("neutral", Affect(-0.3, -0.6, -0.2)),
    "glad": ("joy", Affect(0.7, 0.4, 0.3)),
    "angry": ("anger", Affect(-0.6, 0.7, 0.1)),
    "afraid": ("fear", Affect(-0.6, 0.6, -0.5)),
}


def feel(word: str, *, evidence: str = "", said: bool = False) -> Appraisal:
    """Return the appraisal of one of ``FEELINGS``, or a calm one for another word."""
    label, affect = FEELINGS.get(word, ("neutral", Affect()))
    emotions = dict.fromkeys(EMOTIONS, 0.01) | {label: 0.9}
    return Appraisal(
        emotions,
        (label,),
        affect,
        intensity=0.6 if word in FEELINGS else 0.1,
        confidence=1.0 if said else 0.8,
        evidence=(evidence,) if evidence else (),
        known=not said or word in FEELINGS,
        word=word if said else "",
    )


class ObedientReader:
    """A mood reader that knows the words of ``FEELINGS`` and nothing else."""

    problem = ""

    def appraise(self, text: str, context: str = "") -> Appraisal:
        word = next((word for word in FEELINGS if word in text.lower()), "")
        return feel(word, evidence=word)

    def appraise_word(self, words: str) -> Appraisal:
        return feel(words, said=True)


DANGERS = {
    "pointless": Screening(1, Danger.SUICIDE),
    "want to die": Screening(2, Danger.SUICIDE),
    "cut myself": Screening(3, Danger.SELF_HARM),
    "tonight i will": Screening(5, Danger.SUICIDE),
}


@dataclass
class ObedientScreen:
    """A crisis screen that knows the words of ``DANGERS``; it keeps what it was given."""

    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def screen(self, text: str, earlier: Sequence[str] = ()) -> Screening:
        self.asked.append((text, tuple(earlier)))
        for words, found in DANGERS.items():
            if words in text.lower():
                return Screening(found.tier, found.category, (words,))
        return Screening(0, Danger.NONE)
