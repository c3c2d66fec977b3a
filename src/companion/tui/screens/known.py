"""What she knows of the user by now, each sentence with where it was told."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from companion.domain.memories import MadeBy
from companion.domain.summaries import Summary
from companion.memory.noticing.persons import to_second

_NOTHING = "Nothing yet. What you tell her about your life shows up here."
_MAKERS = {
    MadeBy.RULES: "Put together from what you told most often, or last.",
    MadeBy.LLM: "Written by a language model; each sentence was held against your words.",
}


class KnownScreen(ModalScreen[None]):
    """Shows a reflection, or that there is none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,k", "dismiss")]

    def __init__(self, found: Summary | None) -> None:
        super().__init__()
        self._found = found

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        with VerticalScroll(classes="card"):
            yield Static("What she knows by now", classes="question", markup=False)
            yield from self._tell(self._found) if self._found else [Static(_NOTHING)]
            yield Static("Esc goes back", classes="hint", markup=False)

    def _tell(self, found: Summary) -> Iterator[Static]:
        for each in found.sentences:
            origin = (f"  {each.source}", "$quiet")
            yield Static(Content.assemble(to_second(each.text), origin))
        yield Static(_MAKERS[found.made_by], classes="hint", markup=False)
