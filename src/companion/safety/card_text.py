"""The words of the card that shows where help is, in the order in which they are read."""

from collections.abc import Iterator

from companion.domain.care import HelpCard, Helpline, PlanPart
from companion.domain.safety import Danger, Screening

HEADING = "You can talk to somebody right now."
WHERE = "Where are you?"
PLAN_TITLES = {
    PlanPart.WARNING_SIGNS: "How I notice that it begins",
    PlanPart.COPING: "What helps me when I am alone",
    PlanPart.PLACES: "People and places that take my mind off it",
    PlanPart.FRIENDS: "Whom I can ask for help",
    PlanPart.PROFESSIONALS: "Professionals I can call",
    PlanPart.SAFER: "How I make it safe around me",
    PlanPart.TRUSTED: "My trusted contact",
}
"""What stands above each part of a safety plan, in its order."""

SENSES = """\
Look around you and name, aloud or in your head:
5 things that you see
4 things that you can touch
3 things that you hear
2 things that you smell
1 thing that you taste
Take your time. Begin again if you like."""
BREATH = """\
Breathe in while you count to four.
Breathe out, slowly, while you count to six.
Ten times, or as often as it does you good."""
_STEADY = (
    "To steady yourself: breathe in while you count to four, out while you count to six, ten times."
)
_STEADIED = (Danger.SUICIDE, Danger.SELF_HARM, Danger.EATING)
_AT_ONCE = 5
_WHERE = "Say once where you are, and the right numbers stand here: companion safety country CODE"

Line = tuple[str, str]
"""What matters most of a line, and the rest of it."""


def describe_card(card: HelpCard, *, brief: bool = False) -> Iterator[Line]:
    """Yield the lines of the card: people first, then the emergency number, then the plan.

    ``brief`` is for a small screen.
    """
    if not brief:
        yield HEADING, ""
    for line in card.country.lines:
        rest = line.name if brief else f"{line.name}, {line.hours}"
        yield describe_reach(line, brief=brief), rest
    moment = "now" if brief else "at this moment"
    yield f"In danger {moment}: {card.country.emergency}", ""
    if trusted := card.plan.get(PlanPart.TRUSTED):
        yield "Your trusted contact:", " ".join(trusted.split())
    if not brief and (helps := card.plan.get(PlanPart.COPING)):
        yield "What helps you:", " ".join(helps.split())


def tell_card(card: HelpCard, screening: Screening) -> Iterator[str]:
    """Yield the whole card where there is no screen, with what keys lead to on one.

    Nobody is told to breathe who has to call an ambulance, or to get away.
    """
    yield from (f"{lead} {rest}".rstrip() for lead, rest in describe_card(card))
    if screening.tier < _AT_ONCE and screening.category in _STEADIED:
        yield _STEADY
    if not card.known:
        yield _WHERE


def describe_reach(line: Helpline, *, brief: bool = False) -> str:
    """Say how to reach a helpline: "Call or text 988"."""
    ways = []
    if line.call and line.call == line.text:
        ways.append(f"call or text {line.call}")
    else:
        ways += [f"call {line.call}"] if line.call else []
        ways += [f"text {line.text}"] if line.text else []
    if line.chat and not (brief and ways):
        ways.append(f"open {line.chat}")
    said = ", ".join(ways)
    return said[0].upper() + said[1:]
