"""``companion safety report``: what was counted, without a word of what was said."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from companion.cli.output import JsonFlag, print_json, print_table
from companion.domain.care import SafetyCount

_TIERS = {
    1: "a hint",
    2: "a wish or thoughts",
    3: "active thoughts, a method",
    4: "an intent or a plan",
    5: "danger at that moment",
}


def report(
    year: Annotated[int | None, typer.Option(min=2000, max=9999, help="This year else.")] = None,
    erase: Annotated[bool, typer.Option("--erase", help="Erase all counts.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Count by month how often danger was seen and the card shown. No words are in it."""
    from companion.assembly import open_safety_log
    from companion.installation import read_installation

    wanted = year or datetime.now().astimezone().year
    with open_safety_log(read_installation()) as log:
        if erase:
            log.forget_counts()
            typer.echo("All counts are erased.")
            return
        counts = log.count(wanted)
    if as_json:
        print_json(_as_object(wanted, counts))
    elif not counts:
        typer.echo(f"Nothing was counted in {wanted}.")
    else:
        _print(wanted, counts)


def _print(year: int, counts: Sequence[SafetyCount]) -> None:
    print_table(
        ("month", "tier", "messages", "cards shown", "what it was"),
        [
            (
                *(f"{year}-{each.month:02}", str(each.tier), str(each.messages)),
                *(str(each.cards), _TIERS[each.tier]),
            )
            for each in counts
        ],
    )


def _as_object(year: int, counts: Sequence[SafetyCount]) -> dict[str, Any]:
    return {
        "year": year,
        "messages": sum(each.messages for each in counts),
        "cards_shown": sum(each.cards for each in counts),
        "months": [
            {
                "month": f"{year}-{each.month:02}",
                "tier": each.tier,
                "messages": each.messages,
                "cards_shown": each.cards,
            }
            for each in counts
        ],
    }
