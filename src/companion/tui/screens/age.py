"""Asking how old the user is: once, and not twice."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key, Paste
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from companion.domain.disclosure import AgeGroup
from companion.safety.disclosure_text import AGE_NAMES, AGE_QUESTION, AGE_REASON


class AgeScreen(ModalScreen[AgeGroup]):
    """Returns what was chosen, nothing, or that the question stays open.

    No answer is marked beforehand: a stray Enter chooses none. Whoever types means the chat:
    the card goes, and ``type_on`` receives what was typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss")]

    def __init__(self, type_on: Callable[[str], object]) -> None:
        super().__init__()
        self._type_on = type_on
        self._leaving = False

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

    def on_key(self, event: Key) -> None:
        """Let letters go where they were meant to go."""
        if event.is_printable and event.character:
            event.stop()
            self._leave(event.character)

    def on_paste(self, event: Paste) -> None:
        """Let what is pasted go there too."""
        event.stop()
        self._leave(event.text)

    def _leave(self, typed: str) -> None:
        self._type_on(typed)
        if not self._leaving:
            self._leaving = True
            self.dismiss(AgeGroup.UNASKED)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(AgeGroup(event.option.id or ""))
