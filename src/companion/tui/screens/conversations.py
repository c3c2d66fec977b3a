"""All conversations: find, open, rename, delete."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from companion.domain.errors import CompanionError
from companion.domain.message import ConversationSummary
from companion.tui.screens.choice import ChoiceScreen
from companion.tui.screens.title import TitleScreen

if TYPE_CHECKING:
    from companion.conversation.companion import Companion

_HINT = "Enter opens · F2 renames · Del deletes · Esc goes back"
_KEEP, _DELETE = "Keep it", "Delete it"
_QUESTION = "Delete “{name}”, and the backups made so far? It cannot be brought back."


class ConversationsScreen(ModalScreen[int]):
    """Returns the conversation to go to, or nothing to stay.

    Typing finds; the arrow keys choose among what was found.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back"),
        Binding("up", "move('cursor_up')", priority=True),
        Binding("down", "move('cursor_down')", priority=True),
        Binding("pageup", "move('page_up')", priority=True),
        Binding("pagedown", "move('page_down')", priority=True),
        Binding("f2", "rename", priority=True),
        Binding("delete", "delete", priority=True),
    ]

    def __init__(self, companion: "Companion", here: int) -> None:
        super().__init__()
        self._companion = companion
        self._here = here
        self._all: list[ConversationSummary] = []

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        with Vertical(classes="card"):
            yield Static("Conversations", classes="question", markup=False)
            yield Input(placeholder="Find…", compact=True)
            yield OptionList()
            yield Static(_HINT, classes="hint", markup=False)

    async def on_mount(self) -> None:
        """Show them all."""
        self.query_one(OptionList).can_focus = False
        await self._load()

    async def action_back(self) -> None:
        """Go back to the conversation; to a new one if that is gone."""
        if any(each.id == self._here for each in self._all):
            self.dismiss(None)
            return
        try:
            fresh = await self._companion.begin()
        except CompanionError as error:
            self._complain(error)
        else:
            self.dismiss(fresh.id)

    async def action_move(self, how: str) -> None:
        """Move through the list while the cursor stays in the input."""
        await self.query_one(OptionList).run_action(how)

    @on(Input.Changed)
    def _find(self) -> None:
        self._show(keep=None)

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _open(self) -> None:
        chosen = self._chosen()
        if chosen:
            self.dismiss(chosen.id)

    @work
    async def action_rename(self) -> None:
        """Ask for another title."""
        chosen = self._chosen()
        if chosen:
            title = await self.app.push_screen_wait(TitleScreen(chosen.title))
            if title:
                await self._change(self._companion.rename(chosen.id, title))

    @work
    async def action_delete(self) -> None:
        """Delete, once the user has said so twice."""
        chosen = self._chosen()
        if chosen:
            question = _QUESTION.format(name=name_of(chosen))
            sure = ChoiceScreen(question, (_KEEP, _DELETE), _KEEP)
            if await self.app.push_screen_wait(sure) == _DELETE:
                await self._change(self._companion.delete(chosen.id))

    async def _change(self, change: Awaitable[None]) -> None:
        try:
            await change
        except CompanionError as error:
            self._complain(error)
        await self._load()

    async def _load(self) -> None:
        chosen = self._chosen()
        try:
            self._all = await self._companion.conversations()
        except CompanionError as error:
            self._complain(error)
        self._show(keep=chosen.id if chosen else self._here)

    def _complain(self, error: CompanionError) -> None:
        self.query_one(".hint", Static).update(Content(str(error)))

    def _show(self, keep: int | None) -> None:
        words = self.query_one(Input).value.lower().split()
        found = [each for each in self._all if all(word in name_of(each).lower() for word in words)]
        options = self.query_one(OptionList)
        options.set_options(Option(self._describe(each), id=str(each.id)) for each in found)
        places = [place for place, each in enumerate(found) if each.id == keep]
        options.highlighted = places[0] if places else (0 if found else None)

    def _chosen(self) -> ConversationSummary | None:
        option = self.query_one(OptionList).highlighted_option
        found = [each for each in self._all if option and str(each.id) == option.id]
        return found[0] if found else None

    def _describe(self, each: ConversationSummary) -> Content:
        used = each.updated_at.astimezone()
        count = "1 message" if each.messages == 1 else f"{each.messages} messages"
        here = " · here" if each.id == self._here else ""
        about = f"\n{used.day} {used:%B %Y, %H:%M} · {count}{here}"
        return Content.assemble(name_of(each), (about, "$quiet"))


def name_of(conversation: ConversationSummary) -> str:
    """Return the title, or words for a conversation that has none yet."""
    return conversation.title or "Nothing said yet"
