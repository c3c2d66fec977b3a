"""Showing on standard error how far a replay got."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from companion.cli.output import print_notice

_SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def show_turns(total: int) -> Iterator[Callable[[], None]]:
    """Give what is to be called after each turn: a bar in a terminal, else now and then a line."""
    console = Console(file=sys.__stderr__)
    if not console.is_terminal:
        yield _Lines(total).count
        return
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("turns"),
        TextColumn("{task.fields[rate]}"),
    )
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        task, began = progress.add_task("turns", total=total, rate=""), time.monotonic()
        done = 0

        def count() -> None:
            nonlocal done
            done += 1
            rate = done / max(time.monotonic() - began, 0.001)
            progress.update(task, completed=done, rate=f"{rate:.1f} a second")

        yield count


class _Lines:
    """Says every few seconds how far it got, how fast it goes and how long it will take."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._began = self._said = time.monotonic()

    def count(self) -> None:
        """Count one more turn."""
        self._done += 1
        now = time.monotonic()
        if now - self._said < _SECONDS_BETWEEN_LINES:
            return
        self._said = now
        rate = self._done / (now - self._began)
        left = (self._total - self._done) / rate
        print_notice(f"{self._done} of {self._total} turns, {rate:.1f} a second, {left:.0f} s left")
