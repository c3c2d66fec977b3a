"""Giving a conversation a title."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static


class TitleScreen(ModalScreen[str]):
    """Returns the new title, or nothing if it stays as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss")]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._old = title

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        with Vertical(classes="card"):
            yield Static("What shall it be called?", classes="question", markup=False)
            yield Input(self._old, compact=True)
            yield Static("Enter keeps it · Esc leaves it as it was", classes="hint", markup=False)

    @on(Input.Submitted)
    def _choose(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)
