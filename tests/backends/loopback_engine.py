"""An engine whose model is the loopback server, in a process that can really be killed."""

import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from pathlib import Path

import loopback_server
from companion.domain.message import PromptMessage
from companion.domain.model import ModelProfile
from companion.domain.preparation import Preparation


@dataclass(frozen=True)
class LoopbackEndpoint:
    base_url: str
    api_key: str = "loopback"


class LoopbackEngine:
    """Each start runs the next script (``["good", "Hello."]``); the last one is repeated."""

    profile = ModelProfile(extra={"top_k": 40})

    def __init__(self, *scripts: Sequence[str], needed: Preparation | None = None) -> None:
        self.starts = 0
        self.warmed: list[PromptMessage] = []
        self.needed = needed
        self._scripts = list(scripts)
        self._process: subprocess.Popen[str] | None = None
        self._endpoint: LoopbackEndpoint | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def missing(self) -> Preparation | None:
        return self.needed

    async def fetch(self) -> AsyncGenerator[Preparation, None]:
        self.needed = None
        return
        yield

    async def start(self) -> LoopbackEndpoint:
        if self._endpoint is None or not self.running:
            self._reap()
            self._endpoint = self._launch()
        return self._endpoint

    async def warm(self, prefix: Sequence[PromptMessage]) -> None:
        self.warmed = list(prefix)

    async def stop(self) -> None:
        self._reap()

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()

    def _launch(self) -> LoopbackEndpoint:
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        command = [sys.executable, str(Path(loopback_server.__file__)), *script]
        self.starts += 1
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        return LoopbackEndpoint(self._process.stdout.readline().strip())

    def _reap(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
