"""``companion export``: everything that she knows, as files of yours."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.output import JsonFlag, print_json
from companion.safety.sanitise import escape_harmful

if TYPE_CHECKING:
    from companion.portable.exchange import Exchange

_NAME = "companion"
_MARKDOWN = (".md", ".markdown")
_LINES = (".jsonl", ".ndjson")


def export(
    to: Annotated[
        Path | None,
        typer.Option(
            help="FILE.jsonl, FILE.md, a folder for both, or - to print JSON Lines; "
            "a new folder here by default."
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over files that are there.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Write down everything that is kept: JSON Lines to import again, Markdown to read.

    The files are not encrypted. They hold all that you said.
    """
    from companion.assembly import open_exchange
    from companion.installation import read_installation

    with open_exchange(read_installation()) as exchange:
        if str(to) == "-":
            for line in exchange.export_lines():
                typer.echo(escape_harmful(line), nl=False)
            return
        written = _write(exchange, to or Path(f"{_NAME}-{exchange.now:%Y-%m-%d}"), replace)
    if as_json:
        print_json({"files": [str(path) for path in written]})
        return
    for path in written:
        typer.echo(f"Wrote {path}.")


def _write(exchange: "Exchange", to: Path, replace: bool) -> list[Path]:
    from companion.portable.private_file import write_private

    suffix = to.suffix.lower()
    if suffix in _LINES:
        targets = [(to, exchange.export_lines)]
    elif suffix in _MARKDOWN:
        targets = [(to, exchange.export_markdown)]
    elif suffix and not to.is_dir():
        raise typer.BadParameter(f"{to} ends neither in .jsonl nor in .md.")
    else:
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        targets = [
            (to / f"{_NAME}.jsonl", exchange.export_lines),
            (to / f"{_NAME}.md", exchange.export_markdown),
        ]
    for path, pieces in targets:
        write_private(path, pieces(), replace=replace)
    return [path for path, _ in targets]
