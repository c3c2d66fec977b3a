"""Asking how old the user is: once, and not twice."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from companion.domain.disclosure import AgeGroup
from companion.safety.disclosure_text import AGE_NAMES, AGE_QUESTION, AGE_REASON


class AgeScreen(ModalScreen[AgeGroup]):
    """Returns what was chosen, or nothing.

    No answer is marked beforehand: a stray Enter chooses none.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss")]

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        with Vertical(classes="card"):
            yield Static(AGE_QUESTION, classes="question", markup=False)
            yield Static(AGE_REASON, markup=False)
            options = (Option(Content(name), id=age.value) for age, name in AGE_NAMES.items())
            yield OptionList(*options)
            yield Static("Down, Enter choose · Esc skips", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Take the mark away that the list sets by itself."""
        self.call_after_refresh(self._mark_none)

    def _mark_none(self) -> None:
        self.query_one(OptionList).highlighted = None

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(AgeGroup(event.option.id or ""))
