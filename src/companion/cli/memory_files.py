"""``companion memory export`` and ``import``: memories alone, in files of yours."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.input import open_bytes
from companion.cli.memory_view import memory_object, say_to_user
from companion.cli.opening import with_companion
from companion.cli.output import JsonFlag, count, print_json
from companion.domain.memories import Memory
from companion.portable.memory_lines import read_memory_lines
from companion.portable.private_file import write_private
from companion.safety.sanitise import escape_harmful

if TYPE_CHECKING:
    from companion.conversation.companion import Companion

_MARKDOWN = (".md", ".markdown")


def export_memories(
    to: Annotated[
        Path | None,
        typer.Option(help="FILE.jsonl to import again, or FILE.md to read; printed by default."),
    ] = None,
    closed: Annotated[bool, typer.Option("--all", help="What no longer holds as well.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over a file that is there.")
    ] = False,
) -> None:
    """Write down what she remembers; companion export writes all the rest as well.

    The file is not encrypted.
    """
    if to and to.suffix.lower() not in (*_MARKDOWN, ".jsonl", ".ndjson"):
        raise typer.BadParameter(f"{to} ends neither in .jsonl nor in .md.")

    async def work(companion: "Companion") -> None:
        found = await companion.memories.memories(closed=closed)
        if to is None:
            for line in _as_lines(found):
                typer.echo(escape_harmful(line), nl=False)
            return
        write = _as_markdown if to.suffix.lower() in _MARKDOWN else _as_lines
        write_private(to, write(found), replace=replace)
        typer.echo(f"Wrote {count(len(found), 'memory', 'memories')} to {to}.")

    with_companion(work)


def import_memories(
    file: Annotated[Path, typer.Argument(help="The file; - reads from a pipe.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is in it and keep nothing.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Take in memories: what memory export wrote, or a sentence about you a line."""
    with ExitStack() as stack:
        brought = read_memory_lines(open_bytes(file, stack))
    if dry_run and as_json:
        print_json({"memories": len(brought)})
        return
    if dry_run:
        found = count(len(brought), "memory", "memories")
        typer.echo(f"There are {found} in it. Leave out --dry-run to take them in.")
        return

    async def work(companion: "Companion") -> None:
        taken = await companion.memories.take_in(brought)
        if as_json:
            print_json(asdict(taken))
            return
        typer.echo(f"She remembers {count(taken.added, 'memory', 'memories')} more.")
        if taken.known:
            typer.echo(f"{taken.known} she knew already.")
        if taken.different:
            typer.echo(f"{taken.different} she knows otherwise; it stays as it was here.")

    with_companion(work)


def _as_lines(memories: Sequence[Memory]) -> Iterator[str]:
    for memory in memories:
        yield f"{json.dumps(memory_object(memory), ensure_ascii=False)}\n"


def _as_markdown(memories: Sequence[Memory]) -> Iterator[str]:
    yield "# What she remembers\n\n"
    for memory in memories:
        until = f", until {memory.closed_at.astimezone():%Y-%m-%d}" if memory.closed_at else ""
        told = f"{memory.said_at.astimezone():%Y-%m-%d}"
        yield f"- {say_to_user(memory)} ({memory.kind.value}, told {told}{until})\n"
