"""Asking for a few words and keeping them."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from companion.domain.errors import CompanionError

_HINT = "Enter keeps it · Esc leaves it as it was"


class WordsScreen(ModalScreen[object]):
    """Asks until ``keep`` takes the words, and returns what came of them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss")]

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
            yield Input(placeholder=self._example, compact=True)
            yield Static(_HINT, classes="hint", markup=False)

    @on(Input.Submitted)
    async def _take(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            return
        # The first judgement loads the mood model, and a second Enter must not keep twice.
        event.input.disabled = True
        try:
            self.dismiss(await self._keep(event.value))
        except CompanionError as error:
            self.query_one(".hint", Static).update(Content(str(error)))
            event.input.disabled = False
            event.input.focus()
