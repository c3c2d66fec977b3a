"""Asking for a few words and keeping them."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from companion.domain.errors import CompanionError
from companion.tui.widgets.text_field import TextField

_HINT = "Enter keeps it · Esc leaves it as it was"


class WordsScreen(ModalScreen[object]):
    """Asks until ``keep`` takes the words, and returns what came of them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave")]

    def __init__(
        self, question: str, example: str, keep: Callable[[str], Awaitable[object]]
    ) -> None:
        super().__init__()
        self._question = question
        self._example = example
        self._keep = keep

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        with Vertical(classes="card"):
            yield Static(self._question, classes="question", markup=False)
            yield TextField(self._example)
            yield Static(_HINT, classes="hint", markup=False)

    def action_leave(self) -> None:
        """Keep nothing; too late for that once it is being kept."""
        if not self.query_one(TextField).disabled:
            self.dismiss()

    @on(TextField.Sent)
    @work
    async def _take(self, event: TextField.Sent) -> None:
        field = self.query_one(TextField)
        if field.disabled:
            return
        # The first judgement loads the mood model, and a second Enter must not keep twice.
        field.disabled = True
        try:
            self.dismiss(await self._keep(event.text))
        except CompanionError as error:
            self.query_one(".hint", Static).update(Content(str(error)))
            field.disabled = False
            field.focus()
