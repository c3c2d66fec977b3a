"""Choosing one of a few names."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option


class ChoiceScreen(ModalScreen[str]):
    """Offers names and returns the chosen one, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss")]

    def __init__(self, question: str, names: Sequence[str], present: str) -> None:
        super().__init__()
        self._question = question
        self._names = names
        self._present = present

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        with Vertical(classes="card"):
            yield Static(self._question, classes="question", markup=False)
            yield OptionList(*(self._option(name) for name in self._names))
            yield Static("Enter chooses · Esc leaves it", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin at what is chosen now."""
        if self._present in self._names:
            self.query_one(OptionList).highlighted = list(self._names).index(self._present)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def _option(self, name: str) -> Option:
        return Option(Content(f"{name}  (now)" if name == self._present else name), id=name)
