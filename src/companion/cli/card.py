"""The card with whom to call, for people and for programs."""

from dataclasses import asdict
from typing import Any

import typer

from companion.domain.care import HelpCard, Helpline
from companion.domain.turn_events import CrisisCardShown
from companion.safety.card_text import tell_card


def print_card(shown: CrisisCardShown) -> None:
    """Print the card for reading, in the order in which it matters."""
    for line in tell_card(shown.card, shown.screening):
        typer.echo(line)
    typer.echo()


def card_object(card: HelpCard) -> dict[str, Any]:
    """Return the card as it is printed in JSON."""
    country = card.country
    return {
        "country": country.name,
        "country_known": card.known,
        "emergency": country.emergency,
        "lines": [line_object(line) for line in country.lines],
        "plan": {part.value: text for part, text in card.plan.items()},
    }


def line_object(line: Helpline) -> dict[str, Any]:
    """Return a helpline as it is printed in JSON."""
    return asdict(line) | {"checked": line.checked.isoformat()}
