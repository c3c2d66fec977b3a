"""The embedded engine: weights on this machine, served on loopback while we live."""

import asyncio
import os
import secrets
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from companion.domain.errors import ModelError, ModelMissingError
from companion.domain.message import PromptMessage
from companion.domain.model import ModelProfile
from companion.domain.preparation import Preparation
from companion.local_model.catalogue import CatalogueEntry
from companion.local_model.engine_child import EngineAddress, EngineChild, EngineFailedError
from companion.local_model.engine_process import EngineConfig
from companion.local_model.fetch import fetch_weights
from companion.local_model.weights import Weights

_MOST_THREADS = 8
"""Memory is the bound from here on, and a container may see more cores than it has."""

_SPARE_MIB = 1024
"""Room for what was read of a conversation while the model thinks of something else."""


def default_threads() -> int:
    """Return how many threads serve best: see ``benchmarks/engine_threads.py``."""
    return min(_MOST_THREADS, os.cpu_count() or 1)


class EmbeddedEngine:
    """Serves the model of ``entry``, whose weights lie in the folder ``models``.

    ``threads`` is how many threads compute; ``None`` leaves it to the catalogue
    and to what was measured. ``adapter`` is a GGUF file that changes how the model
    talks. The engine's own words go to ``log_file``.
    """

    def __init__(
        self,
        entry: CatalogueEntry,
        models: Path,
        log_file: Path,
        threads: int | None = None,
        adapter: Path | None = None,
    ) -> None:
        self._entry = entry
        self._adapter = adapter
        self._weights = Weights(entry, models)
        self._log_file = log_file
        self._threads = threads or entry.threads or default_threads()
        self._child: EngineChild | None = None
        self._changing = asyncio.Lock()

    @property
    def profile(self) -> ModelProfile:
        """How the model likes to be spoken to."""
        return self._entry.profile

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._child is not None and self._child.running

    def missing(self) -> Preparation | None:
        """Return ``ModelNeeded`` if the weights are not on this machine, else ``None``."""
        return self._weights.missing()

    def fetch(self) -> AsyncGenerator[Preparation, None]:
        """Download and verify the weights. Raises ``ModelError``."""
        return fetch_weights(self._weights)

    async def start(self) -> EngineAddress:
        """Start the engine if it does not run and return where it listens.

        Raises ``ModelMissingError`` or ``ModelError``.
        """
        async with self._changing:
            if self._child is None or not self._child.running:
                self._child = await self._spawn()
            return self._child.address

    async def warm(self, prefix: Sequence[PromptMessage]) -> None:
        """Let the running engine read ``prefix`` into its cache; nothing if none runs."""
        if self._child is not None and self._child.running:
            await self._child.warm(prefix)

    async def stop(self) -> None:
        """End the process. May be called twice."""
        async with self._changing:
            if self._child is not None:
                await self._child.stop()
                self._child = None

    async def _spawn(self) -> EngineChild:
        if not self._weights.is_present():
            raise ModelMissingError(
                f"{self._entry.title} is not on this machine yet. "
                f"Fetch it with: companion models pull {self._entry.id}"
            )
        if self._adapter and not self._adapter.is_file():
            raise ModelError(f"There is no adapter {self._adapter}. {self._other_adapter()}")
        config = EngineConfig(
            str(self._weights.path),
            self._entry.context,
            self._threads,
            secrets.token_urlsafe(32),
            str(self._log_file.parent / "prefixes"),
            # Only such a model is asked for more than replies.
            spare_mib=_SPARE_MIB if self._entry.structured else 0,
            adapter=str(self._adapter or ""),
        )
        try:
            return await EngineChild.spawn(config, self._log_file)
        except EngineFailedError as error:
            raise ModelError(self._why(str(error))) from error
        except OSError as error:
            raise ModelError(f"The model's process cannot be started: {error}.") from error

    def _why(self, reason: str) -> str:
        if reason == "not installed":
            return (
                "The embedded engine is not installed here. "
                "Install xllamacpp, or use another backend: companion backends use NAME"
            )
        if reason != "does not load":
            return (
                "The model's process ended while it was starting. Close other programs, "
                f"or choose a smaller model; what it said is in {self._log_file}"
            )
        model = self._entry.id
        if self._adapter:
            return f"{model} does not load with {self._adapter.name}. {self._other_adapter()}"
        return (
            f"The file of {model} does not load. Fetch it again: "
            f"companion models remove {model} && companion models pull {model}"
        )

    def _other_adapter(self) -> str:
        model = self._entry.id
        return f"Choose another, or go without one: companion models use {model}"
