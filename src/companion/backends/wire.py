"""The OpenAI chat protocol as servers really speak it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from companion.backends import failures
from companion.domain.errors import BackendError
from companion.domain.message import PromptMessage
from companion.domain.model import JsonSchema, ModelProfile, Usage

if TYPE_CHECKING:
    from openai import AsyncOpenAI, Omit
    from openai.types.chat import ChatCompletionMessageParam

    from companion.backends.cassette import Cassette

_CHARACTERS_A_TOKEN = 16
"""Far more than any language needs: only a server that ignores its limit gets there."""

_SLOWEST_CONNECT = 10.0

# Quotes nothing: the address of a proxy may hold a password.
_BAD_ENVIRONMENT = (
    "The proxy or the certificates that the environment asks for cannot be used. "
    "Correct HTTPS_PROXY, ALL_PROXY or SSL_CERT_FILE and start again."
)


def connect(base_url: str, timeout_seconds: float, cassette: Cassette | None = None) -> AsyncOpenAI:
    """Make a client without touching the network.

    What goes over the wire goes through ``cassette``, if there is one; proxies do not work
    then. Blocks for most of a second the first time, while ``openai`` is imported.
    Raises ``BackendError``.
    """
    import httpx2
    import openai

    straight = is_loopback(base_url) or cassette is not None
    try:
        wire = cassette.wrap(httpx2.AsyncHTTPTransport()) if cassette else None
        http = openai.DefaultAsyncHttpxClient(trust_env=not straight, transport=wire)
    except (ImportError, OSError, ValueError, httpx2.InvalidURL):
        raise BackendError(_BAD_ENVIRONMENT) from None
    client = openai.AsyncOpenAI(
        base_url=base_url,
        # The library would go and look for a key of its own; ours goes with each request.
        api_key="sent-with-each-request",
        timeout=openai.Timeout(timeout_seconds, connect=min(timeout_seconds, _SLOWEST_CONNECT)),
        max_retries=0,
        http_client=http,
    )
    _ = client.chat.completions  # imports a hundred modules more, better here than on the loop
    return client


def is_loopback(base_url: str) -> bool:
    """Tell whether an address is on this machine, where no proxy can help."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@dataclass(slots=True)
class Dialect:
    """What a server accepts of the protocol, learned from its complaints."""

    counts_usage: bool = True
    limit: str = "max_tokens"

    def learn(self, complaint: str) -> bool:
        """Adapt to the complaint of a server; tell whether it makes sense to ask again."""
        if self.counts_usage and "stream_options" in complaint:
            self.counts_usage = False
        elif self.limit == "max_tokens" and "max_completion_tokens" in complaint:
            self.limit = "max_completion_tokens"
        else:
            return False
        return True

    def fields(self, profile: ModelProfile, form: JsonSchema | None) -> dict[str, object]:
        """Return the fields of a request beside model and messages."""
        usage = {"stream_options": {"include_usage": True}} if self.counts_usage else {}
        fields = {**usage, self.limit: profile.reply_tokens, **profile.sampling, **profile.extra}
        if form is None or not profile.structured:
            return fields
        shape = {"name": "form", "strict": True, "schema": form}
        asked = {"response_format": {"type": "json_schema", "json_schema": shape}}
        return fields | asked | {"temperature": 0.0}


def all_headers(key: str, headers: Mapping[str, str]) -> dict[str, str | Omit]:
    """Return the headers of a request, without any that the library adds on its own account.

    What the environment holds for OpenAI itself is no business of another server.
    """
    import openai

    unsaid = dict.fromkeys(("OpenAI-Organization", "OpenAI-Project"), openai.omit)
    return {**unsaid, "Authorization": f"Bearer {key}" if key else openai.omit, **headers}


async def listed_models(client: AsyncOpenAI, headers: Mapping[str, str | Omit]) -> list[str]:
    """Return the models that a server lists.

    Raises what ``openai`` raises, or ``ValueError`` for an answer in another shape.
    """
    # The library's own call stumbles over any answer that is not a list of models.
    answer = await client.get("/models", cast_to=object, options={"headers": headers})
    models = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(models, list):
        raise ValueError
    return [str(model["id"]) for model in models if isinstance(model, dict) and "id" in model]


def as_sent(messages: Sequence[PromptMessage]) -> list[ChatCompletionMessageParam]:
    """Return messages as the protocol wants them."""
    plain = [{"role": message.role.value, "content": message.content} for message in messages]
    return cast("list[ChatCompletionMessageParam]", plain)


class Hearing:
    """What has been heard of one reply, and whether it is whole."""

    def __init__(self, server: failures.Server, profile: ModelProfile) -> None:
        self._server = server
        self._room = profile.reply_tokens * _CHARACTERS_A_TOKEN
        self._understood = False
        self._reason: str | None = None
        self.begun = False
        self.usage: Usage | None = None

    @property
    def ended(self) -> bool:
        """Whether the server has said that the reply is whole."""
        return self._reason is not None

    @property
    def overflowing(self) -> bool:
        """Whether the server goes on for ever; what came is kept, the rest is not awaited."""
        return self._room <= 0

    def read(self, chunk: object) -> str:
        """Take in one chunk and return the words in it.

        The library does not check what it passes on, so anything may be missing.
        """
        self.usage = _read_usage(chunk) or self.usage
        choices = getattr(chunk, "choices", None)
        choice = choices[0] if isinstance(choices, list) and choices else None
        reason = getattr(choice, "finish_reason", None)
        self._reason = reason if isinstance(reason, str) else self._reason
        delta = getattr(choice, "delta", None)
        self._understood = self._understood or delta is not None
        words = getattr(delta, "content", None)
        text = words[: self._room] if isinstance(words, str) else ""
        self._room -= len(text)
        self.begun = self.begun or bool(text)
        return text

    def check(self) -> None:
        """Raise ``Failure`` unless the stream that has ended was a whole reply."""
        if self.begun and (self.ended or self.overflowing):
            return
        if self.begun:
            raise failures.broken_off(self._server)
        if not self._understood:
            raise failures.unreadable(self._server)
        thought = self._reason == "length"
        raise failures.all_thought(self._server) if thought else failures.empty(self._server)


def _read_usage(chunk: object) -> Usage | None:
    usage = getattr(chunk, "usage", None)
    counts = (getattr(usage, field, None) for field in ("prompt_tokens", "completion_tokens"))
    prompt, reply = (count if isinstance(count, int) else None for count in counts)
    return None if prompt is None and reply is None else Usage(prompt, reply)
