"""What goes on between the user and her: one conversation, one turn at a time."""

from asyncio import CancelledError
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.worker import Worker, WorkerCancelled

from companion.domain.errors import CompanionError
from companion.domain.message import Message, Role, Status
from companion.domain.turn_events import TurnEvent
from companion.tui.caring import Caring
from companion.tui.honesty import as_notice
from companion.tui.idle import Idle
from companion.tui.moods import MoodWatch
from companion.tui.turn import TurnFollower
from companion.tui.waking import Waking
from companion.tui.widgets.conversation_view import FIRST_LOOK, ConversationView, said_by_user
from companion.tui.widgets.message_input import MessageInput
from companion.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from companion.conversation.companion import Companion
    from companion.conversation.engine import Conversation

_LATER = "Sent as soon as she has finished. Esc stops her."
_SOON = "Sent as soon as she is here."
_EDITING = "Say it differently: Enter sends, Esc leaves it as it was."


class Talk:
    """Joins the user's wishes, the conversation and the parts of the chat screen.

    What the user sends while she talks waits until she has finished.
    """

    def __init__(
        self,
        screen: Screen[None],
        view: ConversationView,
        status: StatusLine,
        entry: MessageInput,
        waking: Waking,
        moods: MoodWatch,
        caring: Caring,
    ) -> None:
        self._screen = screen
        self._view = view
        self._status = status
        self._entry = entry
        self._waking = waking
        self._moods = moods
        self._caring = caring
        self.idle = Idle(screen, status)
        self._turn: Worker[None] | None = None
        self._waiting = ""
        self._put_aside: str | None = None
        self.companion: Companion | None = None
        self.conversation: Conversation | None = None

    @property
    def talking(self) -> bool:
        """Whether a turn goes on."""
        return self._turn is not None and not self._turn.is_finished

    @property
    def editing(self) -> bool:
        """Whether the input holds the user's last message, to be said differently."""
        return self._put_aside is not None

    async def open(
        self, companion: "Companion", conversation: "Conversation", words: str | None = None
    ) -> None:
        """Show a conversation and get the model ready; ``words`` are said, not kept.

        The user is told each time that she is software.
        """
        history = await conversation.history(limit=FIRST_LOOK)
        notice = as_notice(companion.disclosure.begin())
        said = [*history, notice] if said_by_user(history) else [notice, *history]
        if words:
            said.append(_passing(words, conversation.id))
        await self._view.show(said, partial(self._load_older, conversation))
        self._entry.past = said_by_user(history)
        draft = await conversation.draft()
        self._entry.fill("\n".join(filter(None, (draft, self._entry.whole_text))))
        # Not before: a draft that is not in the input yet would be saved as gone.
        self.companion, self.conversation = companion, conversation
        self.prepare()
        if self._waiting:
            self._begin(self._take_waiting())

    async def move_to(self, conversation: "Conversation") -> None:
        """Leave this conversation for another one."""
        assert self.companion is not None
        await self.stop()
        self._end_reflecting()
        self.leave_edit()
        await self.save_draft()
        self.conversation = None
        self._entry.fill("")
        self._status.clear()
        await self.open(self.companion, conversation)

    def prepare(self) -> None:
        """Get the model ready in the background."""
        if self.companion and self.conversation:
            waking = self._waking.prepare(self.companion, self.conversation)
            self._screen.run_worker(waking, group="prepare", exclusive=True)

    def say(self, text: str) -> None:
        """Send what the user wrote, or keep it until she has finished."""
        if self.conversation is None or self.talking:
            self._waiting = "\n".join(filter(None, (self._waiting, text)))
            self._status.say(_LATER if self.talking else _SOON)
            if self.talking:
                self._screen.run_worker(self._say_at_once_if_grave(text), group="care")
            return
        self._entry.past.append(text)
        if self.editing:
            self.leave_edit()
            self._begin(text, self.conversation.edit_last(text))
        else:
            self._begin(text)

    async def _say_at_once_if_grave(self, text: str) -> None:
        """Let nobody in danger wait for the end of a reply, or of a download."""
        if self.companion is None or not await self.companion.care.is_grave(text):
            return
        if waiting := self._take_waiting():
            await self.stop()
            self._begin(waiting)

    def answer_again(self) -> None:
        """Ask for another answer to the user's last message."""
        if self.conversation:
            self._begin("", self._again(self.conversation))

    def edit_last(self) -> None:
        """Put the user's last message into the input."""
        said = said_by_user(self._view.messages)
        if not said:
            self._status.say("There is nothing of yours to go back to yet.")
        elif not self.editing:
            self._put_aside = self._entry.whole_text
            self._entry.fill(said[-1])
            self._status.say(_EDITING)

    def leave_edit(self) -> None:
        """Give the input back to what was being written."""
        if self._put_aside is not None:
            self._entry.fill(self._put_aside)
            self._put_aside = None
            self._status.clear()

    async def stop(self) -> None:
        """Stop her if she talks; what she said is kept."""
        turn, conversation = self._turn, self.conversation
        if not self.talking or turn is None or conversation is None:
            return
        turn.cancel()
        with suppress(WorkerCancelled):
            await turn.wait()
        self._status.say("Stopped. Ctrl+R asks for another answer.")
        last = (await conversation.history(limit=1))[-1:]
        known = {message.id for message in self._view.messages}
        new = [m for m in last if m.role is Role.ASSISTANT and m.id not in known]
        await self._view.end_reply(new[0] if new else None)
        self._give_back(self._take_waiting())

    async def save_draft(self) -> None:
        """Keep what is written but not sent."""
        if self.conversation:
            written = self._put_aside or self._entry.whole_text
            draft = "\n".join(filter(None, (self._waiting, written)))
            try:
                await self.conversation.save_draft(draft)
            except CompanionError as error:
                self._status.complain(str(error))

    def _begin(self, text: str, events: AsyncGenerator[TurnEvent, None] | None = None) -> None:
        self._end_reflecting()
        self._turn = self._screen.run_worker(self._run(text, events), group="turn")

    async def _run(self, text: str, events: AsyncGenerator[TurnEvent, None] | None) -> None:
        """Follow a turn, by default one that says ``text``, and those that waited."""
        assert self.companion is not None
        assert self.conversation is not None
        name = self.companion.persona.name
        instead = events is not None
        while True:
            turn = TurnFollower(
                *(self._view, self._status, self._waking, name),
                show_mood=self._moods.notice,
                show_card=self._caring.show,
                instead=instead,
            )
            try:
                await turn.follow(events or self.conversation.take_turn(text))
            except CompanionError as error:
                self._status.complain(str(error))
            except CancelledError:
                self._give_back("" if turn.saved else text)
                raise
            unsaid, text = ("" if turn.saved else text), self._take_waiting()
            if turn.failed or not text:
                break
            events, instead = None, False
        self._give_back("\n".join(filter(None, (unsaid, text))))
        await self.save_draft()
        if not turn.failed:
            reflecting = self._reflect(self.companion, self.conversation)
            self._screen.run_worker(reflecting, group="reflect")

    def _end_reflecting(self) -> None:
        """Leave what she makes of a turn for later; nothing is lost."""
        self._screen.workers.cancel_group(self._screen, "reflect")
        self.idle.end()

    async def _reflect(self, companion: "Companion", conversation: "Conversation") -> None:
        try:
            if await conversation.reflect():
                self._moods.refresh()
            await companion.keep_safe()
            self.idle.begin(conversation)
        except CompanionError as error:
            self._status.complain(str(error))

    async def _again(self, conversation: "Conversation") -> AsyncGenerator[TurnEvent, None]:
        await self._view.drop_after_last_of_user(inclusive=False)
        await self._waking.settled()
        async with aclosing(conversation.answer_again()) as events:
            async for event in events:
                yield event

    async def _load_older(
        self, conversation: "Conversation", before: int, limit: int
    ) -> list[Message]:
        try:
            return await conversation.history(before=before, limit=limit)
        except CompanionError as error:
            self._status.complain(str(error))
            return []

    def _take_waiting(self) -> str:
        waiting, self._waiting = self._waiting, ""
        return waiting

    def _give_back(self, text: str) -> None:
        if text:
            self._entry.fill("\n".join(filter(None, (text, self._entry.whole_text))))


def _passing(words: str, conversation_id: int) -> Message:
    """Return words of hers that are shown but not kept."""
    now = datetime.now(UTC)
    return Message(0, conversation_id, None, 0, Role.ASSISTANT, words, Status.COMPLETE, now)
