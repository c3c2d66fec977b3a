"""What a backend goes through before it can answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelNeeded:
    """The embedded model is not on this machine; whoever asked decides whether to fetch it."""

    model: str
    title: str
    size_bytes: int
    licence: str


@dataclass(frozen=True, slots=True)
class Fetching:
    """A download goes on. Bytes so far and in all, bytes a second, seconds left."""

    done: int
    total: int
    rate: float | None
    remaining: float | None


@dataclass(frozen=True, slots=True)
class Verifying:
    """The whole file is being checked against its hash."""


@dataclass(frozen=True, slots=True)
class Loading:
    """The model is being read into memory."""

    model: str


@dataclass(frozen=True, slots=True)
class Warming:
    """The unchanging part of the prompt is being read ahead of the first turn."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A reply can be asked for. ``seconds`` is how long it took to get here."""

    seconds: float


Preparation = ModelNeeded | Fetching | Verifying | Loading | Warming | Ready
