"""The seams to language models."""

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from companion.domain.message import PromptMessage
from companion.domain.model import JsonSchema, ModelProfile, ReplyPart
from companion.domain.preparation import Preparation


class Backend(Protocol):
    """A language model that continues a conversation."""

    @property
    def name(self) -> str:
        """The name that the settings give it."""
        ...

    @property
    def model(self) -> str:
        """The model that answers, as its server calls it."""
        ...

    @property
    def profile(self) -> ModelProfile:
        """How this model likes to be spoken to."""
        ...

    def prepare(self, prefix: Sequence[PromptMessage]) -> AsyncGenerator[Preparation, None]:
        """Get ready to answer, telling each step; ends with ``Ready`` or ``ModelNeeded``.

        ``prefix`` is the part of the prompt that stays the same from turn to turn;
        a backend may read it ahead. Raises ``BackendError`` or ``ModelError``.
        """
        ...

    def fetch(self) -> AsyncGenerator[Preparation, None]:
        """Bring what ``prepare`` said is needed. Does nothing where nothing is.

        Raises ``ModelError``; what has come so far is kept for the next try.
        """
        ...

    def stream_reply(
        self, messages: Sequence[PromptMessage], *, form: JsonSchema | None = None
    ) -> AsyncGenerator[ReplyPart, None]:
        """Yield the reply to ``messages`` piece by piece.

        With ``form``, a JSON schema, the reply is JSON of that shape where the model's
        profile says ``structured``; elsewhere ``form`` does nothing.

        Closing the iterator ends the request. Raises ``ModelMissingError`` or
        ``BackendError``; retries happen only before the first piece.
        """
        ...

    async def check(self) -> str:
        """Find out cheaply whether it would answer and say so in one line.

        Starts nothing and downloads nothing. Raises ``BackendError`` or
        ``ModelError`` with what to do.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and processes. May be called twice."""
        ...


class Endpoint(Protocol):
    """Where an OpenAI-compatible server listens, and its key."""

    @property
    def base_url(self) -> str:
        """The address up to and including ``/v1``."""
        ...

    @property
    def api_key(self) -> str:
        """The bearer token; may be empty."""
        ...


class LocalEngine(Protocol):
    """An embedded engine that serves one model on loopback while we live."""

    @property
    def profile(self) -> ModelProfile:
        """How the model likes to be spoken to, from its catalogue entry."""
        ...

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        ...

    def missing(self) -> Preparation | None:
        """Return ``ModelNeeded`` if the weights are not on this machine, else ``None``."""
        ...

    def fetch(self) -> AsyncGenerator[Preparation, None]:
        """Download and verify the weights. Raises ``ModelError``."""
        ...

    async def start(self) -> Endpoint:
        """Start the engine if it does not run and return where it listens.

        Raises ``ModelMissingError`` or ``ModelError``.
        """
        ...

    async def warm(self, prefix: Sequence[PromptMessage]) -> None:
        """Let the running engine read ``prefix`` into its cache. Never raises for a failure."""
        ...

    async def stop(self) -> None:
        """End the process. May be called twice."""
        ...
