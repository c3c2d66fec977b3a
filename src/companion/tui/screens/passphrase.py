"""Asking for the passphrase of what is locked."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

_QUESTION = "What you told her is locked. Your passphrase?"
_AGAIN = "That does not open it. Once more?"


class PassphraseScreen(ModalScreen[str]):
    """Returns what was typed, or nothing. ``again`` says that the last one was wrong."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss")]

    def __init__(self, *, again: bool) -> None:
        super().__init__()
        self._again = again

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        question = _AGAIN if self._again else _QUESTION
        with Vertical(classes="card"):
            yield Static(question, classes="question", markup=False)
            yield Input(password=True, compact=True)
            yield Static("Enter opens it · Esc quits", classes="hint", markup=False)

    @on(Input.Submitted)
    def _choose(self, event: Input.Submitted) -> None:
        if event.value:
            self.dismiss(event.value)
