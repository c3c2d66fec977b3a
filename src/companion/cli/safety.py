"""``companion safety``: where help is, one's own plan, what was counted."""

from datetime import datetime
from typing import Annotated, Literal

import typer

from companion.cli.card import line_object
from companion.cli.output import JsonFlag, print_json
from companion.cli.safety_plan import plan
from companion.cli.safety_report import report
from companion.cli.safety_screen import screen
from companion.domain.disclosure import AgeGroup
from companion.safety.card_text import BREATH, SENSES, describe_reach
from companion.safety.disclosure_text import AGE_NAMES

_AGES = AGE_NAMES | {AgeGroup.UNSAID: "you would rather not say"}
app = typer.Typer(help="Where help is, and your own plan for bad nights.", no_args_is_help=True)


@app.command("helplines")
def helplines(
    country: Annotated[str | None, typer.Argument(help="A country: DE. Yours else.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show whom to call."""
    from companion.installation import read_installation
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


@app.command("steady")
def steady(as_json: JsonFlag = False) -> None:
    """Show two short exercises that need nobody else."""
    if as_json:
        print_json({"senses": SENSES.splitlines(), "breath": BREATH.splitlines()})
        return
    typer.echo(f"{SENSES}\n\nOr breathe.\n{BREATH}")


@app.command("country")
def country(
    code: Annotated[str | None, typer.Argument(help="Two letters: DE, US, IN.")] = None,
) -> None:
    """Say where you are, so that the right numbers are shown; without CODE, show it."""
    from companion.installation import keep_country, read_installation
    from companion.safety.helplines import find_country

    installation = read_installation()
    if code is None:
        typer.echo(installation.settings.safety.country or "Not said yet. Say it: country CODE")
        return
    code = _check_code(code)
    keep_country(installation, code)
    found = find_country(code)
    typer.echo(f"Noted: {code}. The numbers are those of {found.name}.")


@app.command("age")
def age(
    group: Annotated[
        Literal["adult", "minor", "unsaid"] | None,
        typer.Argument(help="Minor means under 18; unsaid, that you would rather not say."),
    ] = None,
) -> None:
    """Say how old you are, as far as it matters here; without GROUP, show it."""
    from companion.installation import keep_age, read_installation

    installation = read_installation()
    if not group:
        said = installation.settings.safety.age
        typer.echo(_AGES.get(said, "Not said yet. Say it: companion safety age adult"))
        return
    keep_age(installation, AgeGroup(group))
    typer.echo(f"Noted on this machine: {_AGES[AgeGroup(group)]}.")


@app.command("aside")
def aside() -> None:
    """Put the card aside. It comes again when there is danger, and F9 brings it."""
    from companion.assembly import open_safety_log
    from companion.installation import read_installation

    with open_safety_log(read_installation()) as log:
        log.put_card_aside(datetime.now().astimezone())
    typer.echo("Put aside. companion safety helplines shows the numbers at any time.")


app.command("plan")(plan)
app.command("report")(report)
app.command("screen")(screen)


def _check_code(text: str) -> str:
    from companion.safety.helplines import is_country_code

    code = text.strip().upper()
    if not is_country_code(code):
        raise typer.BadParameter(f"{text!r} is no country code. Write two letters: DE, US, IN.")
    return code
