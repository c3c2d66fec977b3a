"""What the settings say about a server that speaks the OpenAI chat protocol."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

from companion.domain.errors import BackendError, KeyringError
from companion.domain.model import ModelProfile
from companion.protocols.secrets import SecretShelf

_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
_SECRET_HEADERS = {"authorization", "api-key", "x-api-key"}
_OUR_FIELDS = {"model", "messages", "stream"}
_KEEP_KEYS_OUT = (
    "keys do not belong in this file; keep yours in the keyring with companion backends key, "
    "or in an environment variable whose name, in capitals, you write as api_key_env"
)


class Settings(BaseModel):
    """The table ``[backends.NAME]`` of a server that speaks the OpenAI protocol."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    base_url: str
    """The server's address, usually ending in ``/v1``."""
    model: str = Field(min_length=1)
    """The model, as the server calls it."""
    api_key_env: str | None = None
    """The environment variable that holds the key; leave out for a server without keys."""
    api_key_keyring: bool = False
    """Whether the keyring of the system has the key, where the environment has none."""
    headers: dict[str, str] = {}
    """HTTP headers to send with every request."""
    timeout_seconds: float = Field(default=120.0, gt=0, le=3600)
    """How long the server may stay silent, before the first piece and between two."""
    retries: int = Field(default=2, ge=0, le=10)
    """How often a request is tried again when nothing has come of it yet."""
    context_tokens: int = Field(default=8192, ge=256)
    """Room for prompt and reply together."""
    reply_tokens: int = Field(default=400, ge=1)
    """Room for a reply."""
    examples: int = Field(default=6, ge=0)
    """How many example exchanges the prompt begins with."""
    note_tokens: int = Field(default=400, ge=0)
    """Room for what changes from turn to turn."""
    recall_tokens: int = Field(default=400, ge=0)
    """Room for what was said before and comes back to mind."""
    summary_tokens: int = Field(default=300, ge=0)
    """Room for what fell out of a long conversation."""
    exemplars: int = Field(default=0, ge=0)
    """How many exchanges that fit the moment are shown to it; for small models."""
    brief: bool = False
    """Whether it is told what to do in one short sentence; for small models."""
    structured: bool = False
    """Whether the server can hold the model to a JSON schema (``response_format``)."""
    sampling: dict[str, int | float] = {}
    """Numbers such as ``temperature`` that go into the request."""
    extra: dict[str, JsonValue] = {}
    """Fields of the request that only this server knows."""

    @model_validator(mode="before")
    @classmethod
    def _refuse_key(cls, table: Any) -> Any:
        if isinstance(table, Mapping) and "api_key" in table:
            raise ValueError(_KEEP_KEYS_OUT)
        return table

    @field_validator("api_key_env")
    @classmethod
    def _name_a_variable(cls, value: str | None) -> str | None:
        if value is not None and not _VARIABLE.fullmatch(value):
            raise ValueError(_KEEP_KEYS_OUT)
        return value

    @field_validator("base_url")
    @classmethod
    def _check_address(cls, value: str) -> str:
        address = urlsplit(value)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError("write the whole address, such as http://127.0.0.1:8080/v1")
        if address.username or address.password or address.query or address.fragment:
            raise ValueError("the address must end with its path and hold no user name or key")
        return value

    @field_validator("headers")
    @classmethod
    def _check_headers(cls, value: dict[str, str]) -> dict[str, str]:
        if any(name.lower() in _SECRET_HEADERS for name in value):
            raise ValueError(_KEEP_KEYS_OUT)
        texts = (*value, *value.values())
        if not all(text.isascii() and text.isprintable() for text in texts):
            raise ValueError("headers must be plain ASCII in one line")
        return value

    @field_validator("sampling", "extra")
    @classmethod
    def _leave_ours(cls, value: dict[str, Any]) -> dict[str, Any]:
        if ours := ", ".join(sorted(_OUR_FIELDS & value.keys())):
            raise ValueError(f"{ours} cannot be set here")
        return value

    def profile(self) -> ModelProfile:
        """Return how the model likes to be spoken to."""
        return ModelProfile(
            context_tokens=self.context_tokens,
            reply_tokens=self.reply_tokens,
            examples=self.examples,
            note_tokens=self.note_tokens,
            recall_tokens=self.recall_tokens,
            summary_tokens=self.summary_tokens,
            exemplars=self.exemplars,
            brief=self.brief,
            structured=self.structured,
            sampling=self.sampling,
            extra=self.extra,
        )


class RemoteEndpoint:
    """A server whose key stays where it is kept until a request needs it."""

    def __init__(
        self, name: str, settings: Settings, environ: Mapping[str, str], keyring: SecretShelf
    ) -> None:
        self._name = name
        self._variable = settings.api_key_env
        self._environ = environ
        self._keyring = keyring if settings.api_key_keyring else None
        self._from_keyring: str | None = None
        self.base_url = settings.base_url

    @property
    def key_place(self) -> str | None:
        """Where the key is kept, as the middle of a sentence; ``None`` for a server without."""
        variable = f"the environment variable {self._variable}" if self._variable else ""
        return " or ".join(filter(None, (variable, "the keyring" if self._keyring else ""))) or None

    @property
    def api_key(self) -> str:
        """The key, or nothing for a server without keys. Raises ``BackendError``.

        Blocks the first time where the keyring has it.
        """
        if self.key_place is None:
            return ""
        key = self._environ.get(self._variable or "", "").strip() or self._look_up()
        if not key:
            raise BackendError(self._tell_missing())
        if not (key.isascii() and key.isprintable()):
            raise BackendError(
                f"The key in {self.key_place} has characters that no key has. "
                "Copy it once more and start again."
            )
        return key

    def _look_up(self) -> str:
        if self._keyring is None:
            return ""
        if self._from_keyring is None:
            try:
                self._from_keyring = self._keyring.get(name_secret(self._name))
            except KeyringError as error:
                raise BackendError(str(error)) from None
        return (self._from_keyring or "").strip()

    def _tell_missing(self) -> str:
        if self._keyring is None:
            return f"{self._name} needs its key in {self.key_place}. Set it and start again."
        return (
            f"{self._name} needs its key in {self.key_place}. "
            f"Keep it there with: companion backends key {self._name}"
        )


def name_secret(backend: str) -> str:
    """Return the name under which the keyring has the key of a backend."""
    return f"backend {backend}"
