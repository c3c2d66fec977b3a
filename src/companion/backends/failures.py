"""What went wrong with a server, told in one line that says what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from companion.domain.errors import BackendError

if TYPE_CHECKING:
    import openai

_LONGEST_QUOTE = 160


class Failure(BackendError):
    """A request that failed; ``retry`` tells whether the same one may do better.

    ``wait`` is how many seconds the server asks us to stay away, if it says so.
    """

    def __init__(self, sentence: str, *, retry: bool = False, wait: float | None = None) -> None:
        super().__init__(sentence)
        self.retry = retry
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Server:
    """What a sentence may say about a server. Holds no key, only where it is kept."""

    name: str
    model: str
    address: str
    key_place: str | None
    timeout_seconds: float
    has_settings: bool = True

    def or_else(self, change: str) -> str:
        """Return a change to the settings as the end of a sentence, if they have it."""
        return f", or {change} in [backends.{self.name}]" if self.has_settings else ""


def explain(error: Exception, server: Server, *, begun: bool) -> Failure:
    """Turn what ``openai`` raised into a sentence; ``begun``: after the first words."""
    import openai

    if isinstance(error.__cause__, BackendError):
        return Failure(str(error.__cause__))
    if isinstance(error, openai.APITimeoutError):
        if type(error.__cause__).__name__ == "ConnectTimeout":
            return _unreachable(server)
        return Failure(
            f"{server.name} has been silent for {server.timeout_seconds:g} seconds. "
            f"Try again{server.or_else('raise timeout_seconds')}."
        )
    if isinstance(error, openai.APIStatusError):
        return _explain_status(error, server)
    if isinstance(error, openai.APIConnectionError):
        return broken_off(server) if begun else _unreachable(server)
    if isinstance(error, openai.APIError):
        return _explain_refusal(error, server)
    return unreadable(server)


def broken_off(server: Server) -> Failure:
    """The connection ended before the reply did."""
    return Failure(
        f"{server.name} broke off in the middle of a sentence. Ask again to hear it whole."
    )


def unreadable(server: Server) -> Failure:
    """What came is not the protocol that we speak."""
    return Failure(
        f"{server.name} sent something that cannot be read. "
        f"Try again{server.or_else('correct base_url')}."
    )


def empty(server: Server) -> Failure:
    """The reply ended properly and has no words."""
    return Failure(f"{server.name} sent an empty reply. Try again, or say it in other words.")


def all_thought(server: Server) -> Failure:
    """The room for the reply was used up before its first word."""
    return Failure(
        f"{server.name} used up its whole reply before the first word. "
        f"Try again{server.or_else('raise reply_tokens')}."
    )


def _unreachable(server: Server) -> Failure:
    return Failure(
        f"{server.name} cannot be reached at {server.address}. Make sure that it is running. "
        f"Try again{server.or_else('correct base_url')}.",
        retry=True,
    )


def _explain_status(error: openai.APIStatusError, server: Server) -> Failure:
    match error.status_code:
        case 401 | 403:
            return _unauthorised(error.status_code, server)
        case 404:
            return Failure(
                f"{server.name} does not know the model {server.model} at {server.address}. "
                f"Correct model or base_url in [backends.{server.name}]."
            )
        case 429:
            return _too_many(error, server)
        case code if code >= 500:
            return Failure(
                f"{server.name} has trouble on its side (HTTP {code}). "
                "Try again in a little while.",
                retry=True,
                wait=_retry_after(error),
            )
        case _:
            return _explain_refusal(error, server)


def _unauthorised(code: int, server: Server) -> Failure:
    if server.key_place is None:
        return Failure(
            f"{server.name} wants a key. Keep it with companion backends key {server.name}, or "
            f"name an environment variable as api_key_env in [backends.{server.name}]."
        )
    if code == 403:
        return Failure(
            f"{server.name} does not let the key in {server.key_place} use {server.model}. "
            "Check what the key is allowed to do, or choose another model."
        )
    return Failure(
        f"{server.name} did not accept the key in {server.key_place}. "
        "Check the key and start again."
    )


def _too_many(error: openai.APIStatusError, server: Server) -> Failure:
    if error.code == "insufficient_quota":
        return Failure(f"The account at {server.name} has no credit left. Top it up and try again.")
    wait = _retry_after(error)
    pause = "a little" if wait is None else f"{wait:.0f} seconds"
    return Failure(
        f"{server.name} takes no more requests just now. Wait {pause}, then try again.",
        retry=True,
        wait=wait,
    )


def _explain_refusal(error: openai.APIError, server: Server) -> Failure:
    told = f"{error.code} {error.type} {error.message}".lower()
    if "context" in told and any(word in told for word in ("length", "size", "window", "exceed")):
        return Failure(
            f"This is more than {server.model} can read at once. "
            f"Begin a new conversation{server.or_else('lower context_tokens')}."
        )
    return Failure(
        f"{server.name} refused to answer: {_quote(error)}. "
        f"Try again{server.or_else('change what it refuses')}."
    )


def _quote(error: openai.APIError) -> str:
    """Return the server's own words, harmless to a terminal, without the key that it was sent."""
    body = error.body if isinstance(error.body, dict) else {}
    text = str(body.get("message") or error.message)
    for secret in error.request.headers.get("authorization", "").split()[1:]:
        text = text.replace(secret, "…")
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words[:_LONGEST_QUOTE].rstrip(".")


def _retry_after(error: openai.APIStatusError) -> float | None:
    value = error.response.headers.get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())
