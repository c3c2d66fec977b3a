"""One memory: the words that it came from, when it was used, what it was before."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from companion.domain.memories import MadeBy, Memory
from companion.memory.headings import HEADINGS
from companion.tui.feelings import shorten
from companion.tui.remembered import name_day, say_memory

if TYPE_CHECKING:
    from companion.conversation.memory_book import Provenance

_QUOTED = 300
_USES = 5
_MAKERS = {
    MadeBy.RULES: "noticed in what you said",
    MadeBy.LLM: "noticed by a language model",
    MadeBy.USER: "written by you",
}


class MemoryWish(StrEnum):
    """What the user wants done with a memory."""

    CORRECT = "correct"
    PIN = "pin"
    FORGET = "forget"
    GO = "go"


class MemoryScreen(ModalScreen[MemoryWish]):
    """Shows a memory with its history, oldest first; returns a wish, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss"),
        Binding("c", "wish('correct')"),
        Binding("p", "wish('pin')"),
        Binding("delete,x", "wish('forget')"),
        Binding("g", "wish('go')"),
    ]

    def __init__(self, found: "Provenance", history: Sequence[Memory]) -> None:
        super().__init__()
        self._found = found
        self._history = [each for each in history if each.id != found.memory.id]

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        memory = self._found.memory
        with VerticalScroll(classes="card"):
            yield Static(say_memory(memory), classes="question", markup=False)
            yield Static(Content.styled(self._tell_kind(), "$quiet"))
            for source in memory.sources:
                yield Static(Content(shorten(source.text, _QUOTED)), classes="point--words")
                yield Static(Content.styled(f"You, {name_day(source.said_at)}", "$quiet"))
            yield from _section("When it was used", self._tell_uses())
            if self._history:
                yield from _section("What it was, and is", map(_tell_other, self._history))
            yield Static(self._offer(), classes="hint", markup=False)

    def action_wish(self, wish: str) -> None:
        """Return what the user wants, where it can be done."""
        memory = self._found.memory
        if wish == MemoryWish.GO and not memory.sources:
            return
        if wish in (MemoryWish.CORRECT, MemoryWish.PIN) and not memory.current:
            return
        self.dismiss(MemoryWish(wish))

    def _tell_kind(self) -> str:
        memory = self._found.memory
        parts = [HEADINGS[memory.kind], _MAKERS[memory.made_by]]
        if memory.made_by is not MadeBy.USER:
            parts.append(f"{memory.confidence:.0%} sure")
        if memory.pinned:
            parts.append("pinned: always in mind")
        if memory.closed_at:
            parts.append(f"held until {name_day(memory.closed_at)}")
        return " · ".join(parts)

    def _tell_uses(self) -> Iterator[str]:
        uses = self._found.uses
        if not uses:
            yield "Not yet."
        for use in uses[:_USES]:
            at = use.at.astimezone()
            yield f"{name_day(use.at)}, {at:%H:%M}, conversation {use.conversation_id}"
        if len(uses) > _USES:
            yield f"and {len(uses) - _USES} times before"

    def _offer(self) -> str:
        memory = self._found.memory
        pin = "p unpins" if memory.pinned else "p pins"
        change = ("c corrects", pin) if memory.current else ()
        go = ("g goes there",) if memory.sources else ()
        return " · ".join((*change, "Del forgets", *go, "Esc goes back"))


def _tell_other(memory: Memory) -> str:
    state = f"until {name_day(memory.closed_at)}" if memory.closed_at else "now"
    return f"{say_memory(memory)} ({state})"


def _section(title: str, lines: "Iterator[str] | map[str]") -> ComposeResult:
    yield Static(title, classes="section", markup=False)
    yield Static(Content("\n".join(lines)), classes="section--body")
