"""What she remembers: find, look into, correct, pin and forget it."""

from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static

from companion.domain.errors import CompanionError
from companion.domain.memories import Memory
from companion.tui.keys import MEMORY_COMMANDS
from companion.tui.remembered import find, say_memory
from companion.tui.screens.choice import ChoiceScreen
from companion.tui.screens.help import HelpScreen
from companion.tui.screens.known import KnownScreen
from companion.tui.screens.memory import MemoryScreen, MemoryWish
from companion.tui.screens.words import WordsScreen
from companion.tui.widgets.edge_lines import KeyLine
from companion.tui.widgets.memory_list import MemoryList
from companion.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from companion.conversation.memory_book import MemoryBook
    from companion.conversation.summary_book import SummaryBook

_KEYS = ("Esc", "Enter", "/", "c", "p", "Del", "o", "k", "F1")
_ORDER = ("Enter", "/", "c", "p", "Del", "o", "k", "F1", "Esc")
_FIND = "Find…  ( / )"
_KEEP, _FORGET = "Keep it", "Forget it"
_FORGET_QUESTION = (
    "Forget this? “{words}” What you said stays in the history, but not in her mind. "
    "The backups made so far go as well."
)
_EXAMPLE = "I live in Lisbon"


class MemoriesScreen(Screen[int]):
    """Returns the conversation to go to, or nothing to stay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(each.key, each.action, each.title) for each in MEMORY_COMMANDS
    ]

    def __init__(self, book: "MemoryBook", summaries: "SummaryBook") -> None:
        super().__init__()
        self.commands = MEMORY_COMMANDS
        self._book = book
        self._summaries = summaries
        self._all: list[Memory] = []
        self._old = False

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        shown = {each.shown: each.title.lower() for each in MEMORY_COMMANDS}
        yield Static(id="memories-head", markup=False)
        yield Input(placeholder=_FIND, compact=True, id="memories-find")
        yield MemoryList()
        yield StatusLine()
        yield KeyLine([(key, shown[key]) for key in _KEYS], _ORDER)

    def on_mount(self) -> None:
        """Begin with all that holds."""
        self.query_one(MemoryList).focus()
        self._reload()

    def action_back(self) -> None:
        """Leave the search first, then the screen."""
        field = self.query_one(Input)
        if field.value or field.has_focus:
            field.clear()
            self.query_one(MemoryList).focus()
        else:
            self.dismiss(None)

    def action_find(self) -> None:
        """Let the user type what to find."""
        self.query_one(Input).focus()

    def action_show_old(self) -> None:
        """Show what once held as well, or no longer."""
        self._old = not self._old
        self._reload()

    def action_show_help(self) -> None:
        """Show what the keys do."""
        self.app.push_screen(HelpScreen())

    @work
    async def action_show_known(self) -> None:
        """Show what she knows by now, in short."""
        try:
            found = await self._summaries.reflection()
        except CompanionError as error:
            self._complain(error)
            return
        await self.app.push_screen_wait(KnownScreen(found))

    @on(Input.Changed)
    def _narrow(self) -> None:
        self._show()

    @on(Input.Submitted)
    def _to_list(self) -> None:
        self.query_one(MemoryList).focus()

    @on(OptionList.OptionSelected)
    def _open_chosen(self) -> None:
        self.action_open()

    @work
    async def action_open(self) -> None:
        """Show where the chosen memory comes from, and do what the user wants with it."""
        memory = self._chosen
        if memory is None:
            return
        try:
            found = await self._book.show(memory.id)
            history = await self._book.history(memory.id)
        except CompanionError as error:
            self._complain(error)
            return
        match await self.app.push_screen_wait(MemoryScreen(found, history)):
            case MemoryWish.CORRECT:
                self.action_correct()
            case MemoryWish.PIN:
                self.action_pin()
            case MemoryWish.FORGET:
                self.action_forget()
            case MemoryWish.GO if memory.sources:
                self.dismiss(memory.sources[-1].conversation_id)

    @work
    async def action_correct(self) -> None:
        """Ask how it is and let that stand."""
        memory = self._chosen
        if memory is None:
            return
        question = f"“{say_memory(memory)}” How is it, in your own words?"
        card = WordsScreen(question, _EXAMPLE, partial(self._book.edit, memory.id))
        if await self.app.push_screen_wait(card):
            self._reload()

    @work
    async def action_pin(self) -> None:
        """Keep the chosen memory in mind always, or no longer."""
        memory = self._chosen
        if memory is not None:
            await self._change(self._book.pin(memory.id, not memory.pinned))

    @work
    async def action_forget(self) -> None:
        """Erase a memory, once the user has said so twice."""
        memory = self._chosen
        if memory is None:
            return
        question = _FORGET_QUESTION.format(words=say_memory(memory))
        sure = ChoiceScreen(question, (_KEEP, _FORGET), _KEEP)
        if await self.app.push_screen_wait(sure) == _FORGET:
            await self._change(self._book.forget([memory.id]))

    @property
    def _chosen(self) -> Memory | None:
        return self.query_one(MemoryList).chosen

    async def _change(self, change: Awaitable[object]) -> None:
        try:
            await change
        except CompanionError as error:
            self._complain(error)
            return
        self._reload()

    def _reload(self) -> None:
        self.run_worker(self._load(), group="load", exclusive=True)

    async def _load(self) -> None:
        try:
            self._all = await self._book.memories(closed=self._old)
            self.query_one(StatusLine).clear()
        except CompanionError as error:
            self._complain(error)
        self._show()

    def _show(self) -> None:
        sought = self.query_one(Input).value
        found = find(self._all, sought)
        self.query_one(MemoryList).show(found, sought=bool(sought.strip()))
        held = sum(each.current for each in self._all)
        parts = ["What she remembers", f"{held} of your life" if held else ""]
        if self._old:
            parts.append(f"{len(self._all) - held} that once held")
        self.query_one("#memories-head", Static).update(
            Content.assemble(
                (parts[0], "$accent bold"), *(f" · {part}" for part in parts[1:] if part)
            )
        )

    def _complain(self, error: CompanionError) -> None:
        self.query_one(StatusLine).complain(str(error))
