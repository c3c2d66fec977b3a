"""The model on this machine, served by the embedded engine."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from companion.backends.failures import Server
from companion.backends.kinds import Services, read_table
from companion.backends.openai_compatible import OpenAICompatibleBackend
from companion.domain.errors import BackendError, ModelError, ModelMissingError
from companion.domain.message import PromptMessage
from companion.domain.model import JsonSchema, ModelProfile, ReplyPart, Restarted
from companion.domain.preparation import Loading, Preparation, Ready, Warming
from companion.protocols.model import Backend, Endpoint, LocalEngine

KIND = "local"

_RESTARTED = "The model stopped unexpectedly. I started it again and am answering once more."
_STOPPED_TWICE = (
    "The model on this machine stopped twice while answering. "
    "Close other programs to free memory, or choose a smaller model, then try again."
)

# A slow machine may need minutes to read a long prompt, and says nothing meanwhile.
_SILENCE_SECONDS = 600.0

_LOOKS_AFTER_DEATH = 10
_SECONDS_BETWEEN_LOOKS = 0.05


class Settings(BaseModel):
    """The table ``[backends.NAME]`` of an embedded model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(default="qwen2.5-1.5b", min_length=1)
    """The model's id in the catalogue."""
    threads: int | None = Field(default=None, ge=1, le=256)
    """How many threads compute; leave out for what was measured to be best."""
    adapter: str = ""
    """A GGUF file that changes how the model talks: see ``docs/adapters.md``."""


class LocalBackend:
    """An embedded engine and the conversation with it."""

    def __init__(self, name: str, model: str, engine: LocalEngine) -> None:
        self._name = name
        self._model = model
        self._engine = engine
        self._endpoint: Endpoint | None = None
        self._line: OpenAICompatibleBackend | None = None
        self._warmed: tuple[Endpoint, tuple[PromptMessage, ...]] | None = None
        self._reaching = asyncio.Lock()

    @property
    def name(self) -> str:
        """The name that the settings give it."""
        return self._name

    @property
    def model(self) -> str:
        """The model's id in the catalogue."""
        return self._model

    @property
    def profile(self) -> ModelProfile:
        """How the model likes to be spoken to."""
        return self._engine.profile

    async def prepare(self, prefix: Sequence[PromptMessage]) -> AsyncGenerator[Preparation, None]:
        """Load the model and let it read ``prefix``, or tell that it has to be fetched."""
        needed = self._engine.missing()
        if needed is not None:
            yield needed
            return
        began = time.monotonic()
        if not self._engine.running:
            yield Loading(self._model)
        endpoint = await self._start()
        if prefix and self._warmed != (endpoint, tuple(prefix)):
            yield Warming()
            await self._engine.warm(prefix)
            self._warmed = (endpoint, tuple(prefix))
        yield Ready(time.monotonic() - began)

    def fetch(self) -> AsyncGenerator[Preparation, None]:
        """Download the weights. Raises ``ModelError``."""
        return self._engine.fetch()

    async def stream_reply(
        self, messages: Sequence[PromptMessage], *, form: JsonSchema | None = None
    ) -> AsyncGenerator[ReplyPart, None]:
        """Yield the reply; if the engine dies, start it again and begin once more, once.

        Raises ``ModelMissingError`` or ``BackendError``.
        """
        for tries_left in (1, 0):
            line = await self._reach()
            try:
                async with aclosing(line.stream_reply(messages, form=form)) as parts:
                    async for part in parts:
                        yield part
                return
            except BackendError:
                if not await self._has_died():
                    raise
            if tries_left:
                yield Restarted(_RESTARTED)
        raise BackendError(_STOPPED_TWICE)

    async def check(self) -> str:
        """Look whether the weights are here. Raises ``ModelMissingError``."""
        if self._engine.missing() is not None:
            raise ModelMissingError(
                f"{self._model} is not on this machine yet. "
                f"Fetch it with: companion models pull {self._model}"
            )
        return f"{self._model} is on this machine."

    async def close(self) -> None:
        """End the engine and the connections to it. May be called twice."""
        await self._hang_up()
        await self._engine.stop()

    async def _reach(self) -> OpenAICompatibleBackend:
        """Return a line to the running engine; after a restart it has another address."""
        async with self._reaching:
            endpoint = await self._start()
            if self._line is None or endpoint != self._endpoint:
                await self._hang_up()
                self._endpoint, self._line = endpoint, self._dial(endpoint)
            return self._line

    async def _start(self) -> Endpoint:
        try:
            return await self._engine.start()
        except ModelMissingError:
            raise
        except ModelError as error:
            raise BackendError(str(error)) from error

    def _dial(self, endpoint: Endpoint) -> OpenAICompatibleBackend:
        server = Server(
            name=self._name,
            model=self._model,
            address=endpoint.base_url,
            key_place=None,
            timeout_seconds=_SILENCE_SECONDS,
            has_settings=False,
        )
        profile = replace(self.profile, extra={**self.profile.extra, "cache_prompt": True})
        return OpenAICompatibleBackend(server, endpoint, profile)

    async def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.close()

    async def _has_died(self) -> bool:
        """Tell whether the engine is gone; the connection breaks a moment before it is."""
        for _ in range(_LOOKS_AFTER_DEATH):
            if not self._engine.running:
                return True
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        return False


def build(name: str, table: Mapping[str, Any], services: Services) -> Backend:
    """Build the backend ``name`` from its table. Raises ``SettingsError`` or ``ModelError``."""
    settings = read_table(name, table, Settings)
    engine = services.local_engine(settings.model, settings.threads, settings.adapter)
    return LocalBackend(name, settings.model, engine)
