"""``companion import``: an export, or conversations that were held elsewhere."""

import os
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from companion.cli.input import open_bytes
from companion.cli.output import JsonFlag, count, format_bytes, print_json, print_notice
from companion.domain.memory import ImportReport
from companion.domain.taking_in import Preview, Restored
from companion.portable.formats import Format, Incoming

if TYPE_CHECKING:
    from companion.portable.exchange import Exchange

_SECONDS_BETWEEN_LINES = 2.0


def import_file(
    file: Annotated[Path, typer.Argument(help="The file; - reads from a pipe.")],
    form: Annotated[
        Format | None, typer.Option("--format", help="What the file is; found out by default.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is in it and keep nothing.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Take in a file: all of it, or nothing. What was imported before is passed over.

    An export of Companion (companion export), ChatGPT's conversations.json, the logs
    database of llm, a chat of SillyTavern, or JSON Lines with "conversation", "id", "at",
    "speaker", "role" (user or assistant) and "text".
    """
    from companion.assembly import open_exchange
    from companion.installation import read_installation

    with ExitStack() as stack:
        incoming, size = _open(file, stack)
        exchange = stack.enter_context(open_exchange(read_installation()))
        if dry_run:
            _show(exchange.preview(incoming, form, _Progress(size)), as_json)
        else:
            _take_in(exchange, incoming, form, _Progress(size), as_json)


def _open(file: Path, stack: ExitStack) -> tuple[Incoming, int]:
    """Return the file and its size in bytes, 0 where it is not known."""
    stream = open_bytes(file, stack)
    if str(file) == "-":
        return Incoming(stream, None), 0
    return Incoming(stream, file), os.fstat(stream.fileno()).st_size


def _take_in(
    exchange: "Exchange",
    incoming: Incoming,
    form: Format | None,
    progress: "_Progress",
    as_json: bool,
) -> None:
    try:
        report = exchange.take_in(incoming, form, progress)
    except KeyboardInterrupt:
        print_notice("Stopped. Nothing was imported.")
        raise
    if as_json:
        print_json(asdict(report))
    elif isinstance(report, ImportReport):
        _tell(report)
    else:
        _tell_restored(report)


def _tell(report: ImportReport) -> None:
    typer.echo(f"Imported {count(report.added, 'message')}.")
    if report.known:
        typer.echo(f"{report.known} were here already.")
    if report.different:
        typer.echo(f"{report.different} were here in other words and stay as they were.")


def _tell_restored(report: Restored) -> None:
    added = report.added
    counts = [count(added[kind], *names) for kind, names in _NAMES.items() if kind in added]
    if counts:
        typer.echo(f"Imported {', '.join(counts)}.")
    elif added:
        typer.echo(f"Imported {count(sum(added.values()), 'record')}.")
    else:
        typer.echo("Nothing in it was new.")
    if report.known:
        typer.echo(f"{count(report.known, 'record')} of it stayed as it was here.")


_NAMES = {
    "conversation": ("conversation", "conversations"),
    "message": ("message", "messages"),
    "mood": ("mood", "moods"),
    "journal": ("journal entry", "journal entries"),
    "memory": ("memory", "memories"),
}


def _show(preview: Preview, as_json: bool) -> None:
    since, until = preview.since, preview.until
    if as_json:
        values: dict[str, Any] = asdict(preview)
        values["since"] = since.isoformat() if since else None
        values["until"] = until.isoformat() if until else None
        print_json(values)
        return
    found = f"{count(preview.conversations, 'conversation')} with "
    typer.echo(f"This is {preview.form}: {found}{count(preview.messages, 'message')}.")
    if since and until:
        typer.echo(f"From {since.astimezone():%Y-%m-%d} to {until.astimezone():%Y-%m-%d}.")
        typer.echo(f"It begins: “{preview.first_words}”")
    typer.echo("Nothing was imported. Leave out --dry-run to take it in.")


class _Progress:
    """Says on standard error every two seconds how far it got."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._next = time.monotonic() + _SECONDS_BETWEEN_LINES

    def __call__(self, done: int) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _SECONDS_BETWEEN_LINES
            total = f" of {format_bytes(self._size)}" if self._size else ""
            print_notice(f"{format_bytes(done)}{total} read …")
