"""What the keys do."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from companion.tui.keys import COMMANDS, MEMORY_COMMANDS, MOOD_COMMANDS, TYPING, Command

_ABOUT = (
    "She is software. What you say stays on this machine unless you chose a service "
    "that answers from elsewhere; the first line always tells."
)


class HelpScreen(ModalScreen[None]):
    """Lists the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,f1", "dismiss")]

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        with VerticalScroll(classes="card"):
            yield Static("Keys", classes="question", markup=False)
            yield from (_line(*each) for each in TYPING)
            yield from (_explain(each) for each in COMMANDS)
            yield Static("Where you see your mood", classes="section", markup=False)
            yield from (_explain(each) for each in MOOD_COMMANDS)
            yield Static("Where you see what she remembers", classes="section", markup=False)
            yield from (_explain(each) for each in MEMORY_COMMANDS)
            yield Static(_ABOUT, classes="hint", markup=False)
            yield Static("Esc goes back", classes="hint", markup=False)


def _explain(command: Command) -> Static:
    return _line(command.shown, f"{command.title}. {command.help}")


def _line(key: str, what: str) -> Static:
    return Static(Content.assemble((f"{key:<12}", "bold"), f" {what}"))
