"""The model in the place of the recorded replies, and the time in which it answers."""

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

from companion.domain.message import PromptMessage
from companion.domain.model import JsonSchema, ModelProfile, ReplyPart, TextDelta
from companion.domain.preparation import Preparation, Ready
from companion.domain.session import ReplyLine, SessionTurn
from companion.protocols.model import Backend
from companion.replay.clock import FileClock
from companion.replay.kept_replies import KeptReplies, Key


class RunningClock(FileClock):
    """The time of the file, in which the real seconds of a reply pass."""

    def monotonic(self) -> float:
        """Return the seconds of this machine."""
        return time.monotonic()


class LiveCast:
    """``protocols.Backend``: the model, or what it answered before the run was interrupted."""

    def __init__(self, backend: Backend, kept: KeptReplies, key: Callable[[int], Key]) -> None:
        self._backend = backend
        self._kept = kept
        self._key = key
        self._turn = 0
        self.problem = ""

    def expect(self, reply: ReplyLine | None) -> None:
        """Go on to the next turn."""
        self._turn += 1

    def stops(self, shown: str) -> bool:
        """Never stop: what the user stopped then is worth reading whole now."""
        return False

    def settle(self, turn: SessionTurn) -> SessionTurn:
        """Return a turn with the reply that counts, and keep that."""
        key = self._key(self._turn)
        known = self._kept.find(key)
        if known:
            return replace(turn, reply=known)
        if turn.reply and turn.reply.status == "failed":
            self.problem = (
                f"Turn {turn.number} was not answered: {turn.reply.error} "
                "Run it again to go on from there."
            )
        elif turn.reply:
            self._kept.keep(key, turn.reply)
        return turn

    @property
    def name(self) -> str:
        """The name that the settings give the backend."""
        return self._backend.name

    @property
    def model(self) -> str:
        """The model that answers."""
        return self._backend.model

    @property
    def profile(self) -> ModelProfile:
        """How the model likes to be spoken to."""
        return self._backend.profile

    async def prepare(self, prefix: Sequence[PromptMessage]) -> AsyncGenerator[Preparation, None]:
        """Get the model ready, if it is to be asked."""
        if self._kept.find(self._key(self._turn)):
            yield Ready(0.0)
            return
        async with aclosing(self._backend.prepare(prefix)) as steps:
            async for step in steps:
                yield step

    def fetch(self) -> AsyncGenerator[Preparation, None]:
        """Bring what the backend needs."""
        return self._backend.fetch()

    async def stream_reply(
        self, messages: Sequence[PromptMessage], *, form: JsonSchema | None = None
    ) -> AsyncGenerator[ReplyPart, None]:
        """Yield the reply. Raises ``BackendError``."""
        known = self._kept.find(self._key(self._turn))
        if known:
            yield TextDelta(known.text)
            return
        async with aclosing(self._backend.stream_reply(messages, form=form)) as parts:
            async for part in parts:
                yield part

    async def check(self) -> str:
        """Find out whether the backend would answer."""
        return await self._backend.check()

    async def close(self) -> None:
        """Leave the backend open: other sessions may need it."""
