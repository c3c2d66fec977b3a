"""``companion safety screen``: judging messages from standard input, without keeping any."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import typer

from companion.cli.mood_view import clip
from companion.cli.output import JsonFlag, print_notice
from companion.domain.safety import Screening
from companion.protocols.safety import CrisisScreen
from companion.safety.sanitise import make_harmless

_SHOWN = 1000


def screen(as_json: JsonFlag = False) -> None:
    """Read one message a line from standard input and judge each. Nothing is kept."""
    from companion.late import LateCrisisScreen

    _screen_lines(LateCrisisScreen(), as_json=as_json)


def _screen_lines(crisis_screen: CrisisScreen, *, as_json: bool) -> None:
    if sys.stdin.isatty():
        print_notice("Write one message a line. End with Ctrl-D.")
    for text in _read_lines():
        found = crisis_screen.screen(text)
        if as_json:
            # Pure ASCII: a line separator in the evidence must not look like a new line.
            typer.echo(json.dumps(_to_object(found)))
        else:
            typer.echo(_to_line(text, found))


def _read_lines() -> Iterator[str]:
    """Yield each line; bytes that are no UTF-8 are read as U+FFFD, the rest still counts."""
    for line in sys.stdin.buffer:
        yield line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")


def _to_object(found: Screening) -> dict[str, Any]:
    return {
        "tier": found.tier,
        "category": found.category.value,
        "evidence": list(found.evidence),
        "card": found.card,
    }


def _to_line(text: str, found: Screening) -> str:
    card = "card" if found.card else ""
    beginning = clip(make_harmless(text[:_SHOWN]))
    return f"{found.tier}  {found.category.value:<14}  {card:<4}  {beginning}".rstrip()
