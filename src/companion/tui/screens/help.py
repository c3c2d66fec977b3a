"""What the keys do."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from companion.tui.keys import COMMANDS, TYPING

_ABOUT = (
    "She is software. What you say stays on this machine unless you chose a service "
    "that answers from elsewhere; the first line always tells."
)


class HelpScreen(ModalScreen[None]):
    """Lists the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,f1", "dismiss")]

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        commands = [(each.shown, f"{each.title}. {each.help}") for each in COMMANDS]
        with VerticalScroll(classes="card"):
            yield Static("Keys", classes="question", markup=False)
            for key, what in (*TYPING, *commands):
                yield Static(Content.assemble((f"{key:<12}", "bold"), f" {what}"))
            yield Static(_ABOUT, classes="hint", markup=False)
            yield Static("Esc goes back", classes="hint", markup=False)
