"""Our side of the process that holds the model."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Self

from companion.domain.message import PromptMessage
from companion.local_model.engine_process import EngineConfig
from companion.locations import make_private

_GRACE_SECONDS = 5
_LOG_BYTES = 1_000_000
_QUIET_THREADS = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0"}
"""Threads of llama.cpp that wait for each other sleep, and leave the core to the screen."""


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """Where a running engine listens: an ``Endpoint``."""

    base_url: str
    api_key: str


class EngineFailedError(Exception):
    """The process did not come up; ``str`` is its own word for why, or empty."""


def _open_log(path: Path) -> BinaryIO:
    """Open the log for adding to it: anew when it has grown, for the user's eyes only."""
    make_private(path.parent)
    grown = path.exists() and path.stat().st_size > _LOG_BYTES
    how = os.O_TRUNC if grown else os.O_APPEND
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600), "ab")


class EngineChild:
    """A process that serves one model. Made by ``spawn``."""

    def __init__(self, process: Process) -> None:
        assert process.stdin
        assert process.stdout
        self._process = process
        self._orders, self._events = process.stdin, process.stdout
        self._warming = asyncio.Lock()
        self._owed = 0
        self.address = EngineAddress("", "")

    @classmethod
    async def spawn(cls, config: EngineConfig, log_file: Path) -> Self:
        """Start the process and wait until it listens. Raises ``EngineFailedError``."""
        with _open_log(log_file) as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "companion.local_model.engine_process"),
                stdin=PIPE,
                stdout=PIPE,
                stderr=log,
                env={**os.environ, **_QUIET_THREADS},
                # Ctrl-C in the terminal is for us to handle, not for the engine.
                start_new_session=True,
            )
        child = cls(process)
        try:
            await child._order(asdict(config))
            event = await child._next_event()
            if event.get("event") != "listening":
                raise EngineFailedError(event.get("reason", ""))
        except BaseException:
            await child.stop()
            raise
        child.address = EngineAddress(f"{event['address']}/v1", config.api_key)
        return child

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process.returncode is None

    async def warm(self, prefix: Sequence[PromptMessage]) -> None:
        """Have ``prefix`` read into the cache; return when it is, or the process has ended."""
        messages = [{"role": str(one.role), "content": one.content} for one in prefix]
        async with self._warming:
            self._owed += 1
            await self._order({"warm": messages})
            # A call that was cancelled leaves its answer to the next one to take in.
            while self._owed and await self._next_event():
                self._owed -= 1

    async def stop(self) -> None:
        """End the process, which does so by itself when its stdin closes."""
        self._orders.close()
        try:
            async with asyncio.timeout(_GRACE_SECONDS):
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    async def _order(self, order: object) -> None:
        # An ended process is noticed by ``_next_event`` and ``running``.
        with suppress(ConnectionError):
            self._orders.write(json.dumps(order).encode() + b"\n")
            await self._orders.drain()

    async def _next_event(self) -> dict[str, str]:
        line = await self._events.readline()
        event: dict[str, str] = json.loads(line) if line else {}
        return event
