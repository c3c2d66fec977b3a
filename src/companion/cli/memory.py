"""``companion memory``: what she remembers."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from companion.cli import memories, memory_files, summaries
from companion.cli.mood_explain import recalled_object
from companion.cli.output import JsonFlag, print_json
from companion.domain.errors import CompanionError
from companion.domain.memory import Recalled

_LIMIT = 10
_AS_MANY_AS_FIT = 1000

app = typer.Typer(help="See what she remembers.", no_args_is_help=True)


@app.callback()
def begin() -> None:
    """See what she remembers."""


app.command("list")(memories.list_memories)
app.command("search")(memories.search)
app.command("show")(memories.show)
app.command("add")(memories.add)
app.command("edit")(memories.edit)
app.command("pin")(memories.pin)
app.command("forget")(memories.forget)
app.command("history")(memories.history)
app.command("export")(memory_files.export_memories)
app.command("import")(memory_files.import_memories)
app.command("summary")(summaries.summary)
app.command("reflection")(summaries.reflection)


@app.command("recall")
def recall(
    question: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many; 10 unless --tokens is given.")
    ] = None,
    tokens: Annotated[
        int | None, typer.Option(min=1, help="Only what fits into so much of a prompt.")
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option("--from", help="A file with a question a line; - reads from a pipe."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Find what was said that answers a question, the best first."""
    from companion.assembly import open_archive
    from companion.installation import read_installation

    if (question is None) == (questions is None):
        raise typer.BadParameter("Give a question, or a file of questions with --from.")
    most = limit or (_LIMIT if tokens is None else _AS_MANY_AS_FIT)
    with open_archive(read_installation()) as archive:
        if questions:
            for line in _read_lines(questions):
                print_json([recalled_object(item) for item in archive.recall(line, most, tokens)])
        else:
            _print(archive.recall(question or "", most, tokens), as_json)


def _read_lines(file: Path) -> Iterator[str]:
    if str(file) == "-":
        yield from sys.stdin
        return
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            yield from lines
    except OSError as error:
        raise CompanionError(
            f"{file} cannot be read ({error.strerror}). Check its name and try again."
        ) from error


def _print(found: list[Recalled], as_json: bool) -> None:
    if as_json:
        print_json([recalled_object(item) for item in found])
    elif not found:
        typer.echo("Nothing comes to mind. Other words may find it.")
    else:
        for item in found:
            typer.echo(f"{item.at.astimezone():%Y-%m-%d %H:%M}  {item.speaker}: {item.text}")
