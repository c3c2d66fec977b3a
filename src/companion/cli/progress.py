"""Showing on standard error how a model gets ready."""

import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from companion.cli.output import format_bytes, print_notice
from companion.domain.preparation import Fetching, Preparation, Verifying


async def show_fetching(steps: AsyncGenerator[Preparation, None]) -> None:
    """Show a download until it ends: a bar in a terminal, a line a tenth elsewhere."""
    console = Console(file=sys.__stderr__)
    show = _show_bar if console.is_terminal else _show_lines
    async with aclosing(steps):
        await show(steps, console)


async def _show_bar(steps: AsyncGenerator[Preparation, None], console: Console) -> None:
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("fetching", total=None)
        async for step in steps:
            if isinstance(step, Fetching):
                progress.update(task, completed=step.done, total=step.total)
            elif isinstance(step, Verifying):
                progress.console.print("Checking what arrived …", highlight=False)


async def _show_lines(steps: AsyncGenerator[Preparation, None], console: Console) -> None:
    tenth = -1
    async for step in steps:
        if isinstance(step, Fetching) and step.total and step.done * 10 // step.total > tenth:
            tenth = step.done * 10 // step.total
            rate = f", {format_bytes(step.rate)}/s" if step.rate else ""
            left = f", {step.remaining:.0f} s left" if step.remaining is not None else ""
            done, total = format_bytes(step.done), format_bytes(step.total)
            print_notice(f"{done} of {total}{rate}{left}")
        elif isinstance(step, Verifying):
            print_notice("Checking what arrived …")
