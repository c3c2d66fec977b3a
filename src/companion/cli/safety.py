"""``companion safety``: where help is, one's own plan, what was counted."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.card import line_object
from companion.cli.editor import write_in_editor
from companion.cli.output import JsonFlag, print_json, print_table
from companion.domain.care import PlanPart, SafetyPlan
from companion.safety.card_text import PLAN_TITLES, describe_reach

if TYPE_CHECKING:
    from companion.protocols.safety import PlanBook

_HEAD = """\
# Your safety plan, after Stanley and Brown (2012). It stays on this machine.
# Write below the titles, in your own words, as much or as little as you like.
# Empty parts are left out. Lines that begin with # are titles and hints.
"""
_NONE = "You have no safety plan yet. companion safety plan --edit opens one to write in."
_TIERS = {
    1: "a hint",
    2: "a wish or thoughts",
    3: "active thoughts, a method",
    4: "an intent or a plan",
    5: "danger at that moment",
}

app = typer.Typer(help="Where help is, and your own plan for bad nights.", no_args_is_help=True)


@app.command("helplines")
def helplines(
    country: Annotated[str | None, typer.Argument(help="A country: DE. Yours else.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show whom to call."""
    from companion.assembly import read_installation
    from companion.safety.helplines import find_country

    code = _check_code(country) if country else read_installation().settings.safety.country
    found = find_country(code)
    if as_json:
        print_json(
            {
                "country": found.name,
                "emergency": found.emergency,
                "lines": [line_object(line) for line in found.lines],
            }
        )
        return
    for line in found.lines:
        typer.echo(f"{describe_reach(line)}: {line.name}, {line.hours} ({line.languages})")
        typer.echo(f"  read at {line.source} on {line.checked}")
    typer.echo(f"In danger at this moment: {found.emergency}")


@app.command("country")
def country(
    code: Annotated[str | None, typer.Argument(help="Two letters: DE, US, IN.")] = None,
) -> None:
    """Say where you are, so that the right numbers are shown; without CODE, show it."""
    from companion.assembly import keep_country, read_installation
    from companion.safety.helplines import find_country

    installation = read_installation()
    if code is None:
        typer.echo(installation.settings.safety.country or "Not said yet. Say it: country CODE")
        return
    code = _check_code(code)
    keep_country(installation, code)
    found = find_country(code)
    typer.echo(f"Noted: {code}. The numbers are those of {found.name}.")


@app.command("plan")
def plan(
    edit: Annotated[bool, typer.Option("--edit", help="Write it in your editor.")] = False,
    change: Annotated[
        tuple[PlanPart, str] | None,
        typer.Option("--set", metavar="PART TEXT", help="Put TEXT into a part; empty erases it."),
    ] = None,
    erase: Annotated[bool, typer.Option("--erase", help="Erase the whole plan.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show your safety plan, or change it: signs, helps, places, friends, professionals,
    safer, trusted.
    """
    from companion.assembly import open_plan_book, read_installation

    installation = read_installation()
    with open_plan_book(installation) as book:
        if change is not None:
            _write(book, {change[0]: change[1]})
        elif edit:
            _edit(book, installation.locations.data)
        elif erase:
            book.erase()
            typer.echo("Your safety plan is erased.")
            return
        _show(book.plan(), as_json)


@app.command("report")
def report(
    year: Annotated[int | None, typer.Option(min=2000, max=9999, help="This year else.")] = None,
    erase: Annotated[bool, typer.Option("--erase", help="Erase all counts.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Count by month how often danger was seen and the card shown. No words are in it."""
    from companion.assembly import open_safety_log, read_installation

    with open_safety_log(read_installation()) as log:
        if erase:
            log.forget_counts()
            typer.echo("All counts are erased.")
            return
        wanted = year or datetime.now().astimezone().year
        counts = log.count(wanted)
    if as_json:
        print_json(
            {
                "year": wanted,
                "messages": sum(each.messages for each in counts),
                "cards_shown": sum(each.cards for each in counts),
                "months": [
                    {
                        "month": f"{wanted}-{each.month:02}",
                        "tier": each.tier,
                        "messages": each.messages,
                        "cards_shown": each.cards,
                    }
                    for each in counts
                ],
            }
        )
        return
    if not counts:
        typer.echo(f"Nothing was counted in {wanted}.")
        return
    print_table(
        ("month", "tier", "messages", "cards shown", "what it was"),
        [
            (
                f"{wanted}-{each.month:02}",
                str(each.tier),
                str(each.messages),
                str(each.cards),
                _TIERS[each.tier],
            )
            for each in counts
        ],
    )


def _check_code(text: str) -> str:
    from companion.safety.helplines import is_country_code

    code = text.strip().upper()
    if not is_country_code(code):
        raise typer.BadParameter(f"{text!r} is no country code. Write two letters: DE, US, IN.")
    return code


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
