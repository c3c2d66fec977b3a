"""Following one turn: its events become what is on the screen."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from companion.domain.care import HelpCard
from companion.domain.message import Message, Status
from companion.domain.preparation import ModelNeeded, Preparation
from companion.domain.turn_events import (
    CrisisCardShown,
    MoodNoticed,
    Notice,
    ReplyEnded,
    ReplyRestarted,
    ReplyStarted,
    ReplyText,
    TurnEvent,
    UserMessageSaved,
)
from companion.tui.waking import Waking
from companion.tui.widgets.conversation_view import ConversationView
from companion.tui.widgets.status_line import StatusLine


class TurnFollower:
    """Shows one turn. With ``instead``, what is said replaces the user's last message.

    ``show_mood`` shows how the user feels in it, ``show_card`` where help is. ``saved``
    is the user's message once it is on disk, ``ended`` the reply once it is whole or has
    failed.
    """

    def __init__(
        self,
        view: ConversationView,
        status: StatusLine,
        waking: Waking,
        name: str,
        *,
        show_mood: Callable[[MoodNoticed], None],
        show_card: Callable[[HelpCard], Awaitable[None]],
        instead: bool = False,
    ) -> None:
        self._view = view
        self._status = status
        self._waking = waking
        self._name = name
        self._show_mood = show_mood
        self._show_card = show_card
        self._in_danger = False
        self._instead = instead
        self.saved: Message | None = None
        self.ended: Message | None = None

    @property
    def failed(self) -> bool:
        """Whether there is no whole reply."""
        return self.ended is None or self.ended.status is Status.FAILED

    async def follow(self, events: AsyncGenerator[TurnEvent, None]) -> None:
        """Consume a turn to its end. Closing ``events`` is seen to."""
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Preparation):
                    await self._prepare(event)
                elif isinstance(event, MoodNoticed | CrisisCardShown):
                    await self._notice(event)
                else:
                    await self._take(event)

    async def _prepare(self, step: Preparation) -> None:
        # Somebody in danger is not asked to fetch a model: words are there without one.
        if not (self._in_danger and isinstance(step, ModelNeeded)):
            await self._waking.take(step)

    async def _notice(self, event: MoodNoticed | CrisisCardShown) -> None:
        if isinstance(event, CrisisCardShown):
            self._in_danger = True
            await self._show_card(event.card)
            return
        self._show_mood(event)
        if not self._in_danger:
            await self._waking.settled()

    async def _take(self, event: TurnEvent) -> None:
        match event:
            case UserMessageSaved():
                await self._save(event.message)
            case ReplyStarted():
                self._status.wait(f"{self._name} is thinking", event.usual_wait)
                await self._view.begin_reply()
            case ReplyText():
                self._grow(event.text)
            case ReplyRestarted():
                self._begin_again(event.why)
            case Notice():
                self._status.say(event.text)
            case ReplyEnded():
                await self._end(event.message)

    async def _save(self, message: Message) -> None:
        self.saved = message
        if self._instead:
            await self._view.drop_after_last_of_user(inclusive=True)
        await self._view.add(message)

    def _begin_again(self, why: str) -> None:
        self._status.say(why)
        if self._view.reply:
            self._view.reply.begin_again()

    def _grow(self, text: str) -> None:
        reply = self._view.reply
        if reply is not None:
            if not reply.text:
                self._status.clear()
            reply.add(text)

    async def _end(self, message: Message) -> None:
        self.ended = message
        following = self._view.is_following
        await self._view.end_reply(message)
        if message.status is Status.FAILED:
            self._status.complain("She could not answer. Ctrl+R tries again.")
        elif not following:
            self._status.say("She has finished. Ctrl+End goes there.")
