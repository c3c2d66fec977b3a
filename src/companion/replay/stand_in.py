"""The recorded replies in the place of a model."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import replace

from companion.domain.errors import BackendError
from companion.domain.message import PromptMessage
from companion.domain.model import JsonSchema, ModelProfile, ReplyPart, TextDelta, Usage
from companion.domain.preparation import Preparation, Ready
from companion.domain.session import ReplyLine, Session, SessionProfile
from companion.replay.clock import FileClock

_UNTOLD = "The model failed; the file does not say why."


class StandIn:
    """``protocols.Backend`` that says what the model said, in the same pieces and time."""

    def __init__(self, session: Session, clock: FileClock) -> None:
        self._clock = clock
        self._profiles = read_profiles(session)
        self._reply: ReplyLine | None = None
        self._profile = next(iter(self._profiles.values()), ModelProfile())

    def expect(self, reply: ReplyLine | None) -> None:
        """Let the next reply be a recorded one."""
        self._reply = reply
        if reply:
            self._profile = self._profiles.get((reply.backend, reply.model), self._profile)

    def stops(self, shown: str) -> bool:
        """Tell whether the user stopped her when this was shown."""
        reply = self._reply
        if reply is None:
            return True
        return reply.status in ("stopped", "interrupted") and len(shown) >= len(reply.text)

    @property
    def name(self) -> str:
        """The backend that answered."""
        return self._reply.backend if self._reply else ""

    @property
    def model(self) -> str:
        """The model that answered."""
        return self._reply.model if self._reply else ""

    @property
    def profile(self) -> ModelProfile:
        """How the model that answered liked to be spoken to.

        Nothing second is asked of it: what was recorded is what was said in the end.
        """
        return self._profile

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
        """Yield what was said. Raises ``BackendError`` where the model failed."""
        reply = self._reply
        if reply is None:
            return
        for piece in self._pieces(reply):
            yield TextDelta(piece)
        if reply.ended_at:
            self._clock.set(reply.ended_at)
        if reply.status == "failed":
            raise BackendError(reply.error or _UNTOLD)
        yield Usage(reply.prompt_tokens, reply.reply_tokens)

    async def check(self) -> str:
        """Tell that nothing can go wrong."""
        return "The recorded replies are at hand."

    async def close(self) -> None:
        """Do nothing."""

    def _pieces(self, reply: ReplyLine) -> Iterator[str]:
        place, passed = 0, 0.0
        for seconds, length in reply.chunks:
            self._clock.pass_time(max(0.0, seconds - passed))
            passed = max(passed, seconds)
            if piece := reply.text[place : place + length]:
                yield piece
            place += length
        if rest := reply.text[place:]:
            yield rest


def read_profiles(session: Session) -> Mapping[tuple[str, str], ModelProfile]:
    """Return the profiles of the models that answered, by the names of backend and model."""
    return {(mind.backend, mind.model): to_profile(mind.profile) for mind in session.header.minds}


def to_profile(kept: SessionProfile) -> ModelProfile:
    """Return a profile as a backend has it."""
    return replace(ModelProfile(), **kept.model_dump())
