"""A way to steady oneself, the user's own plan, and everybody who can be called."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from companion.domain.care import HelpCard
from companion.safety.card_text import BREATH, PLAN_TITLES, SENSES, describe_reach

_NO_PLAN = (
    "You have not written one yet. On a better day: companion safety plan --edit. "
    "It stays on this machine."
)


class SteadyScreen(ModalScreen[None]):
    """Grounding first: it needs nobody else. Esc goes back to the conversation."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,f7", "dismiss")]

    def __init__(self, card: HelpCard) -> None:
        super().__init__()
        self._card = card

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        with VerticalScroll(classes="card"):
            yield Static("A moment to steady yourself", classes="question", markup=False)
            yield Static(SENSES, markup=False)
            yield Static("Or breathe", classes="section", markup=False)
            yield Static(BREATH, markup=False)
            yield Static("Your safety plan", classes="section", markup=False)
            yield from self._show_plan()
            yield Static("Who listens", classes="section", markup=False)
            yield from self._show_lines()
            yield Static("Esc goes back", classes="hint", markup=False)

    def _show_plan(self) -> Iterator[Static]:
        plan = self._card.plan
        if not plan:
            yield Static(_NO_PLAN, markup=False)
        for part, title in PLAN_TITLES.items():
            if part in plan:
                yield Static(Content.assemble((f"{title}: ", "bold"), plan[part]))

    def _show_lines(self) -> Iterator[Static]:
        country = self._card.country
        for line in country.lines:
            rest = f" {line.name}, {line.hours}. {line.languages}. Checked {line.checked}."
            yield Static(Content.assemble((describe_reach(line), "bold"), rest))
        emergency = f"In danger at this moment: {country.emergency}"
        yield Static(Content.styled(emergency, "bold"))
