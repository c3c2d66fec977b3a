"""The chat."""

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static, TextArea

from companion.domain.errors import CompanionError
from companion.domain.message import Role
from companion.domain.preparation import ModelNeeded
from companion.tui.answering import Answering
from companion.tui.caring import Caring
from companion.tui.complaining import complaining
from companion.tui.honesty import Honesty
from companion.tui.keys import COMMANDS
from companion.tui.moods import MoodWatch
from companion.tui.talk import Talk
from companion.tui.waking import Waking
from companion.tui.widgets.conversation_view import ConversationView
from companion.tui.widgets.edge_lines import CHAT_KEYS, CHAT_ORDER, KeyLine, TitleLine
from companion.tui.widgets.message_input import MessageInput
from companion.tui.widgets.model_card import ModelCard
from companion.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from companion.conversation.companion import Companion
    from companion.conversation.engine import Conversation

_DRAFT_AFTER_SECONDS = 0.5
_ELSEWHERE = "Those words stand in a part of the talk that you said differently later."
_ROOM = "Please give me a little more room: 40 x 10 or so."


class ChatScreen(Screen[None]):
    """The conversation, the line that says what goes on, and the input."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(each.key, each.action, each.title, priority=True) for each in COMMANDS),
        Binding("ctrl+c", "interrupt", priority=True),
        Binding("ctrl+f", "fetch", priority=True),
        Binding("pageup", "page(-1)", priority=True),
        Binding("pagedown", "page(1)", priority=True),
        Binding("ctrl+end", "go_to_newest", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._title_line = TitleLine()
        self._view = ConversationView()
        self._status = StatusLine()
        self._entry = MessageInput()
        self._draft_timer: Timer | None = None
        self._card: ModelCard | None = None
        self.commands = COMMANDS
        self.moods = MoodWatch(self, self._title_line, self._status)
        self.caring = Caring(self, self._status)
        self.honesty = Honesty(self, self._view, self._status, self._entry)
        waking = Waking(self._status, self._obtain)
        parts = (self._view, self._status, self._entry, waking, self.moods, self.caring)
        self.talk = Talk(self, *parts)
        self._answering = Answering(self, self._title_line, self._status, self.talk)

    def compose(self) -> ComposeResult:
        """Lay the screen out: few parts, so that it is there at once."""
        yield self._title_line
        yield self._view
        with Vertical(id="desk"):
            yield self._status
            yield self._entry
            yield KeyLine(CHAT_KEYS, CHAT_ORDER)
        yield Static(_ROOM, id="room", markup=False)

    def on_mount(self) -> None:
        """Let the user write at once."""
        self._entry.focus()

    async def open(
        self, companion: "Companion", conversation: "Conversation", words: str | None
    ) -> None:
        """Show the conversation now that she is there."""
        await self.caring.open(companion)
        await self.talk.open(companion, conversation, words)
        self._answering.introduce()
        self.moods.open(companion)
        self.honesty.open(companion)

    def complain(self, problem: str) -> None:
        """Say what went wrong."""
        self._status.complain(problem)

    async def leave(self) -> None:
        """Bring everything to an end that loses nothing."""
        await self.talk.stop()
        await self.talk.save_draft()

    @on(MessageInput.Sent)
    async def _say(self, event: MessageInput.Sent) -> None:
        await self.honesty.check()
        self.talk.say(event.text)

    @on(TextArea.Changed)
    def _keep_draft_soon(self) -> None:
        self.caring.wake()
        self.talk.idle.stir()
        if self._draft_timer is None:
            self._draft_timer = self.set_timer(_DRAFT_AFTER_SECONDS, self._keep_draft)

    async def _keep_draft(self) -> None:
        self._draft_timer = None
        await self.talk.save_draft()

    @complaining
    async def action_step_back(self) -> None:
        """Refuse the model, stop her, or leave the edit: whatever goes on."""
        if self._card is not None:
            self._card.refuse()
        elif self.talk.talking:
            await self.talk.stop()
        else:
            self.talk.leave_edit()

    @complaining
    async def action_interrupt(self) -> None:
        """Do what people mean by Ctrl-C, short of ending the program."""
        selected = self.get_selected_text() or self._entry.selected_text
        if self.talk.talking:
            await self.talk.stop()
        elif selected:
            self._copy(selected)
        else:
            self._status.say("Ctrl+Q quits. Everything is kept.")

    def action_fetch(self) -> None:
        """Agree to fetch the model."""
        if self._card is not None:
            self._card.agree()

    def action_answer_again(self) -> None:
        """Ask for another answer."""
        if self._free():
            self.talk.answer_again()

    def action_edit_last(self) -> None:
        """Say the last message differently."""
        if self._free():
            self.talk.edit_last()

    def action_copy_reply(self) -> None:
        """Copy what is selected, or her last words."""
        hers = [m.text for m in self._view.messages if m.role is Role.ASSISTANT and m.text]
        selected = self.get_selected_text()
        if selected or hers:
            self._copy(selected or hers[-1])

    @complaining
    async def action_begin_new(self) -> None:
        """Begin a new conversation."""
        companion = self.talk.companion
        if companion and self._free():
            await self.talk.move_to(await companion.begin())

    def action_list_all(self) -> None:
        """Show all conversations."""
        # Loaded when it is asked for: the first frame does without.
        from companion.tui.screens.conversations import ConversationsScreen

        companion, here = self.talk.companion, self.talk.conversation
        if companion and here and self._free():
            self.app.push_screen(ConversationsScreen(companion, here.id), self._open_chosen)

    @complaining
    async def action_write_session(self) -> None:
        """Write the conversation to a file in the current folder, so that it can be replayed."""
        # Loaded when it is asked for: the first frame does without.
        from companion.tui.sessions import write_session

        companion, here = self.talk.companion, self.talk.conversation
        if companion and here and self._free():
            self._status.say(await write_session(companion, here))

    def action_choose_backend(self) -> None:
        """Choose who answers."""
        if self._free():
            self._answering.choose()

    def action_switch_theme(self) -> None:
        """Change between light and dark."""
        self.app.theme = "light" if self.app.current_theme.dark else "dark"

    @complaining
    async def action_toggle_mood_panel(self) -> None:
        """Show how the day went beside the talk, or hide it."""
        await self.moods.toggle_panel()

    @work(group="moods", exclusive=True)
    async def action_show_moods(self) -> None:
        """Show the mood over time; go to the message that the user chooses there."""
        companion, here = self.talk.companion, self.talk.conversation
        if companion and here:
            screen = await self.moods.load_screen()
            chosen = await self.app.push_screen_wait(screen(companion))
            self.moods.refresh()
            if chosen is not None and chosen.message_id is not None:
                if chosen.conversation_id != here.id:
                    await self._open_chosen(chosen.conversation_id)
                await self._go_to(chosen.message_id)

    async def _go_to(self, message_id: int) -> None:
        if self._free() and not await self._view.go_to(message_id):
            self._status.say(_ELSEWHERE)

    @work(group="memories", exclusive=True)
    async def action_show_memories(self) -> None:
        """Show what she remembers; go to the conversation that the user chooses there."""
        # Loaded when it is asked for: the first frame does without.
        from companion.tui.screens.memories import MemoriesScreen

        companion, here = self.talk.companion, self.talk.conversation
        if companion and here:
            chosen = await self.app.push_screen_wait(
                MemoriesScreen(companion.memories, companion.summaries)
            )
            if chosen is not None and chosen != here.id and self._free():
                await self._open_chosen(chosen)

    @complaining
    async def action_explain(self) -> None:
        """Show what she was told with the user's last message, and why."""
        said = [each for each in self._view.messages if each.role is Role.USER]
        if self.talk.conversation and said:
            await self.moods.explain(self.talk.conversation, said[-1])
        else:
            self._status.say("You have not said anything yet.")

    @complaining
    async def action_toggle_card(self) -> None:
        """Show whom to call, or put the card aside."""
        await self.caring.toggle()

    @complaining
    async def action_steady(self) -> None:
        """Show a way to steady oneself."""
        await self.caring.steady()

    def action_ask_country(self) -> None:
        """Ask where the user is, so that the right numbers are shown."""
        self.caring.ask_country()

    def action_show_help(self) -> None:
        """Show what the keys do."""
        from companion.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    def action_page(self, direction: int) -> None:
        """Look back or forth."""
        self._view.page(direction)

    @complaining
    async def action_go_to_newest(self) -> None:
        """Go to the newest words and follow them."""
        await self._view.go_to_newest()
        self._status.clear()

    async def _open_chosen(self, chosen: int | None) -> None:
        companion = self.talk.companion
        if companion and chosen is not None:
            try:
                await self.talk.move_to(await companion.open(chosen))
                self.moods.refresh()
            except CompanionError as error:
                self._status.complain(str(error))

    def _free(self) -> bool:
        """Return whether she is silent; say what to do if she is not."""
        if self.talk.talking:
            self._status.say("She is still talking. Esc stops her.")
        return not self.talk.talking

    def _copy(self, text: str) -> None:
        self.app.copy_to_clipboard(text)
        self._status.say("Copied.")

    async def _obtain(self, needed: ModelNeeded) -> bool:
        companion = self.talk.companion
        assert companion is not None
        self._card = card = ModelCard(companion.persona.name, needed)
        await self.query_one("#desk").mount(card, before=0)
        try:
            return await card.obtain(companion.fetch_model)
        finally:
            self._card = None
            await card.remove()
