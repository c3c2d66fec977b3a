"""``companion safety plan``: the user's own plan for bad nights."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.editor import write_in_editor
from companion.cli.output import JsonFlag, print_json
from companion.domain.care import PlanPart, SafetyPlan
from companion.safety.card_text import PLAN_TITLES

if TYPE_CHECKING:
    from companion.protocols.safety import PlanBook

_HEAD = """\
# Your safety plan, after Stanley and Brown (2012). It stays on this machine.
# Write below the titles, in your own words, as much or as little as you like.
# Empty parts are left out. Lines that begin with # are titles and hints.
"""
_PARTS = f"Put TEXT into a part; empty erases it. Parts: {', '.join(PlanPart)}."
_NONE = "You have no safety plan yet. companion safety plan --edit opens one to write in."


def plan(
    edit: Annotated[bool, typer.Option("--edit", help="Write it in your editor.")] = False,
    change: Annotated[
        tuple[PlanPart, str] | None,
        typer.Option("--set", metavar="PART TEXT", help=_PARTS),
    ] = None,
    erase: Annotated[bool, typer.Option("--erase", help="Erase the whole plan.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show your safety plan, or change it: signs, helps, places, friends, professionals,
    safer, trusted.
    """
    from companion.assembly import open_plan_book
    from companion.installation import read_installation

    installation = read_installation()
    with open_plan_book(installation) as book:
        if change is not None:
            _write(book, {change[0]: change[1]})
        elif edit:
            _edit(book, installation.locations.data)
        elif erase:
            book.erase()
            typer.echo("Your safety plan is erased, and so are the backups made so far.")
            return
        _show(book.plan(), as_json)


def _show(written: SafetyPlan, as_json: bool) -> None:
    if as_json:
        print_json({part.value: written.get(part, "") for part in PlanPart})
    elif not written:
        typer.echo(_NONE)
    else:
        for part, text in written.items():
            typer.echo(f"{PLAN_TITLES[part]}\n{_indent(text)}\n")


def _write(book: "PlanBook", parts: SafetyPlan) -> None:
    from companion.safety.sanitise import make_harmless

    now = datetime.now().astimezone()
    before = book.plan()
    for part, text in parts.items():
        text = make_harmless(text).strip()
        if text != before.get(part, ""):
            book.write(part, text, now)


def _edit(book: "PlanBook", folder: Path) -> None:
    before = book.plan()
    pieces = [f"# [{part}] {title}\n{before.get(part, '')}" for part, title in PLAN_TITLES.items()]
    text = "\n\n".join([_HEAD, *pieces]) + "\n"
    _write(book, _read_plan(write_in_editor(text, folder)))


def _read_plan(text: str) -> SafetyPlan:
    """Return what stands below each title; a title that is gone leaves its part empty."""
    parts: dict[PlanPart, list[str]] = {part: [] for part in PlanPart}
    titles = {f"# [{part}]": part for part in PlanPart}
    here: PlanPart | None = None
    for line in text.splitlines():
        title = next((part for mark, part in titles.items() if line.startswith(mark)), None)
        if title:
            here = title
        elif here and not line.startswith("#"):
            parts[here].append(line)
    return {part: "\n".join(lines).strip() for part, lines in parts.items()}


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
