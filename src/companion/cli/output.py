"""Printing: plain in a pipe, JSON on request, errors in one line."""

import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer

from companion.safety.sanitise import escape_harmful

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def print_json(value: Any) -> None:
    """Print a value as one line of JSON, which no terminal can be driven with."""
    typer.echo(escape_harmful(json.dumps(value, ensure_ascii=False)))


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns; the last column may be as long as it likes."""
    lines = [tuple(header), *(tuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def print_notice(text: str) -> None:
    """Tell the user something beside the output, on standard error."""
    typer.echo(text, err=True)


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with what it counts: ``1 memory``, ``1,200 memories``."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def format_bytes(count: float) -> str:
    """Return a number of bytes in the unit that suits it: ``1.1 GB``."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
