"""Any server that speaks the OpenAI chat protocol, far away or on this machine."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from companion.backends.failures import Failure, Server, explain
from companion.backends.kinds import Services, read_table
from companion.backends.openai_settings import RemoteEndpoint, Settings
from companion.backends.wire import Dialect, Hearing, all_headers, as_sent, connect, listed_models
from companion.domain.message import PromptMessage
from companion.domain.model import JsonSchema, ModelProfile, ReplyPart, TextDelta
from companion.domain.preparation import Preparation, Ready
from companion.protocols.model import Backend, Endpoint

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk

    from companion.backends.cassette import Cassette

KIND = "openai"

_FIRST_WAIT = 0.5
_CHECK_SECONDS = 10.0
_LONGEST_WAIT = 30.0


class OpenAICompatibleBackend:
    """A model behind one endpoint."""

    def __init__(
        self,
        server: Server,
        endpoint: Endpoint,
        profile: ModelProfile,
        *,
        headers: Mapping[str, str] | None = None,
        retries: int = 0,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        cassette: Cassette | None = None,
    ) -> None:
        self._server = server
        self._endpoint = endpoint
        self._profile = profile
        self._headers = dict(headers or {})
        self._retries = retries
        self._pause = pause
        self._cassette = cassette
        self._dialect = Dialect()
        self._client: AsyncOpenAI | None = None
        self._connecting = asyncio.Lock()

    @property
    def name(self) -> str:
        """The name that the settings give it."""
        return self._server.name

    @property
    def model(self) -> str:
        """The model, as the server calls it."""
        return self._server.model

    @property
    def profile(self) -> ModelProfile:
        """How the model likes to be spoken to."""
        return self._profile

    async def prepare(self, prefix: Sequence[PromptMessage]) -> AsyncGenerator[Preparation, None]:
        """Look for the key; the network is left alone, and the client's library, too.

        That library takes 30 MB: it is loaded with the first turn.
        """
        await self._find_key()
        yield Ready(0.0)

    async def fetch(self) -> AsyncGenerator[Preparation, None]:
        """Do nothing: the model lives on its server."""
        return
        yield

    async def stream_reply(
        self, messages: Sequence[PromptMessage], *, form: JsonSchema | None = None
    ) -> AsyncGenerator[ReplyPart, None]:
        """Yield the reply, then its cost if the server tells it. Raises ``BackendError``."""
        for attempt in itertools.count():
            try:
                async with aclosing(self._attempt(messages, form)) as parts:
                    async for part in parts:
                        yield part
                return
            except Failure as failure:
                backoff = _FIRST_WAIT * 2**attempt * random.uniform(0.5, 1.0)
                wait = backoff if failure.wait is None else failure.wait
                if not failure.retry or attempt >= self._retries or wait > _LONGEST_WAIT:
                    raise
            await self._pause(wait)

    async def connect(self) -> AsyncOpenAI:
        """Return the client, made without touching the network. Raises ``BackendError``."""
        await self._find_key()
        async with self._connecting:
            if self._client is None:
                # Importing the library takes most of a second, and the screen must not stall.
                self._client = await asyncio.to_thread(
                    connect,
                    *(self._endpoint.base_url, self._server.timeout_seconds, self._cassette),
                )
            return self._client

    async def check(self) -> str:
        """Ask the server which models it has. Raises ``BackendError``."""
        client = (await self.connect()).with_options(timeout=_CHECK_SECONDS)
        import openai

        address = self._server.address
        try:
            models = await listed_models(client, all_headers(self._endpoint.api_key, self._headers))
        except openai.NotFoundError:
            return f"{address} can be reached."
        except (openai.OpenAIError, ValueError) as error:
            server = replace(self._server, timeout_seconds=_CHECK_SECONDS)
            raise explain(error, server, begun=False) from None
        if self.model in {name for model in models for name in (model, model.split(":")[0])}:
            return f"{self.model} can be reached at {address}."
        return (
            f"{address} can be reached, but does not list {self.model}. "
            "If it does not answer, correct model in the settings."
        )

    async def close(self) -> None:
        """Close the connections. May be called twice."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _find_key(self) -> None:
        # The keyring may ask the user to unlock it, and the screen must not stall.
        await asyncio.to_thread(lambda: self._endpoint.api_key)

    async def _attempt(
        self, messages: Sequence[PromptMessage], form: JsonSchema | None
    ) -> AsyncGenerator[ReplyPart, None]:
        client = await self.connect()
        import openai

        hearing = Hearing(self._server, self._profile)
        stream = None
        try:
            stream = await self._open(client, messages, form)
            async for chunk in stream:
                if text := hearing.read(chunk):
                    yield TextDelta(text)
                if hearing.overflowing:
                    break
        except (openai.OpenAIError, ValueError) as error:
            if not hearing.ended:
                raise explain(error, self._server, begun=hearing.begun) from None
        finally:
            if stream is not None:
                await stream.close()
        hearing.check()
        if hearing.usage is not None:
            yield hearing.usage

    async def _open(
        self, client: AsyncOpenAI, messages: Sequence[PromptMessage], form: JsonSchema | None
    ) -> AsyncStream[ChatCompletionChunk]:
        import openai

        headers = all_headers(self._endpoint.api_key, self._headers)
        while True:
            try:
                return await client.chat.completions.create(
                    model=self.model,
                    messages=as_sent(messages),
                    stream=True,
                    extra_headers=headers,
                    extra_body=self._dialect.fields(self._profile, form),
                )
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if not self._dialect.learn(str(error)):
                    raise


def build(name: str, table: Mapping[str, Any], services: Services) -> Backend:
    """Build the backend ``name`` from its table. Raises ``SettingsError``."""
    settings = read_table(name, table, Settings)
    endpoint = RemoteEndpoint(name, settings, services.environ, services.keyring)
    server = Server(
        name=name,
        model=settings.model,
        address=settings.base_url,
        key_place=endpoint.key_place,
        timeout_seconds=settings.timeout_seconds,
    )
    return OpenAICompatibleBackend(
        *(server, endpoint, settings.profile()),
        headers=settings.headers,
        retries=settings.retries,
        cassette=services.cassette,
    )
