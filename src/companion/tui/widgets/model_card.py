"""Asking for a model that is not here yet, and bringing it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from textual.content import Content
from textual.widgets import Static

from companion.domain.errors import CompanionError
from companion.domain.preparation import Fetching, ModelNeeded, Preparation, Verifying

_BAR = 28
_PAUSED = "Paused. Whole pieces are kept."

Fetch = Callable[[], AsyncGenerator[Preparation, None]]


class ModelCard(Static):
    """Lies between the conversation and the input; the user goes on typing meanwhile."""

    def __init__(self, name: str, needed: ModelNeeded) -> None:
        super().__init__("", id="model-card", markup=False)
        self._name = name
        self._needed = needed
        self._answer: asyncio.Future[bool] | None = None
        self._work: asyncio.Task[None] | None = None

    async def obtain(self, fetch: Fetch) -> bool:
        """Ask, and fetch if the user wants it. Returns whether the model is here now."""
        problem = ""
        while await self._ask(problem):
            problem = await self._try(fetch)
            if not problem:
                return True
        return False

    def agree(self) -> None:
        """The user wants the model."""
        if self._answer and not self._answer.done():
            self._answer.set_result(True)

    def refuse(self) -> None:
        """The user does not want it now, or wants the download to rest."""
        if self._answer and not self._answer.done():
            self._answer.set_result(False)
        elif self._work:
            self._work.cancel()

    async def _ask(self, problem: str) -> bool:
        self._answer = asyncio.get_running_loop().create_future()
        self.set_class(bool(problem) and problem != _PAUSED, "-wrong")
        needed = self._needed
        self.update(
            Content.assemble(
                (f"{self._name} needs a mind of her own.", "bold"),
                f"\n{needed.title}, {describe_size(needed.size_bytes)}, {needed.licence}.\n",
                problem or "It is fetched once, then everything stays on this machine.",
                "\n",
                *("Try again" if problem else "Fetch it", " Ctrl+F", "  ·  Not now Esc"),
            )
        )
        return await self._answer

    async def _try(self, fetch: Fetch) -> str:
        """Fetch once; return what went wrong, or nothing."""
        self.remove_class("-wrong")
        self._work = asyncio.create_task(self._run(fetch))
        try:
            await asyncio.wait([self._work])
        finally:
            self._work.cancel()
        if self._work.cancelled():
            return _PAUSED
        problem = self._work.exception()
        if problem is None or isinstance(problem, CompanionError):
            return str(problem or "")
        raise problem

    async def _run(self, fetch: Fetch) -> None:
        self._show("Asking for it…", "")
        async with aclosing(fetch()) as steps:
            async for step in steps:
                match step:
                    case Fetching():
                        self._show(draw_bar(step), describe_progress(step))
                    case Verifying():
                        self._show("Checking that it came whole…", "")

    def _show(self, first: str, second: str) -> None:
        head = (f"Fetching {self._needed.title}", "bold")
        self.update(Content.assemble(head, f"\n{first}\n", second or "Esc pauses"))


def draw_bar(step: Fetching) -> str:
    """Draw how much is here as a bar and a percentage."""
    share = min(1.0, step.done / step.total) if step.total else 0.0
    full = round(share * _BAR)
    return f"{'━' * full}{'╌' * (_BAR - full)} {share:4.0%}"


def describe_progress(step: Fetching) -> str:
    """Say how much has come, how fast, and how long it will take."""
    parts = [f"{describe_size(step.done)} of {describe_size(step.total)}"]
    if step.rate is not None:
        parts.append(f"{describe_size(round(step.rate))} a second")
    if step.remaining is not None:
        parts.append(f"{describe_seconds(step.remaining)} left")
    return " · ".join([*parts, "Esc pauses"])


def describe_size(size: int) -> str:
    """Return a size as people say it: ``1.1 GB``."""
    for limit, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "KB")):
        if size >= limit:
            return f"{size / limit:.{1 if size < 10 * limit else 0}f} {unit}"
    return f"{size} bytes"


def describe_seconds(seconds: float) -> str:
    """Return a time to wait in words, no more exact than it can be."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"about {minutes} min" if minutes < 90 else f"about {round(minutes / 60)} h"
