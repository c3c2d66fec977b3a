"""``companion import``: conversations that were held elsewhere."""

import os
import sys
import time
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from companion.cli.output import JsonFlag, format_bytes, print_json, print_notice
from companion.domain.errors import ImportFormatError
from companion.domain.memory import ImportReport

_SECONDS_BETWEEN_LINES = 2.0


class Format(StrEnum):
    """How the file is written."""

    JSONL = "jsonl"


def import_file(
    file: Annotated[Path, typer.Argument(help="The file; - reads from a pipe.")],
    form: Annotated[
        Format, typer.Option("--format", help="One JSON object a line.")
    ] = Format.JSONL,
    as_json: JsonFlag = False,
) -> None:
    """Take in conversations from a file: all of it, or nothing.

    Each line has "conversation", "id", "at", "speaker", "role" (user or assistant) and
    "text". Lines that were imported before are passed over.
    """
    from companion.assembly import open_archive, read_installation

    with ExitStack() as stack:
        lines, size = _open(file, stack)
        archive = stack.enter_context(open_archive(read_installation()))
        report = archive.take_in(lines, _Progress(size))
    if as_json:
        counts = {"added": report.added, "known": report.known, "different": report.different}
        print_json(counts)
        return
    _tell(report)


def _open(file: Path, stack: ExitStack) -> tuple[BinaryIO, int]:
    """Return the lines and their size in bytes, 0 where it is not known."""
    if str(file) == "-":
        return sys.stdin.buffer, 0
    try:
        lines = stack.enter_context(file.open("rb"))
        return lines, os.fstat(lines.fileno()).st_size
    except OSError as error:
        raise ImportFormatError(
            f"{file} cannot be read ({error.strerror}). Check its name and try again."
        ) from error


def _tell(report: ImportReport) -> None:
    typer.echo(f"Imported {report.added} messages.")
    if report.known:
        typer.echo(f"{report.known} were here already.")
    if report.different:
        typer.echo(f"{report.different} were here in other words and stay as they were.")


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
