"""The chat on a stage: the real app, a real database, a model that obeys."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from textual.pilot import Pilot
from textual.widget import Widget

from companion.conversation.engine import Conversation
from companion.domain.errors import CompanionError, ModelMissingError
from companion.domain.message import Message, PromptMessage, Status, Timings
from companion.domain.model import JsonSchema, ReplyPart
from companion.domain.preparation import Fetching, ModelNeeded, Preparation, Ready, Verifying
from companion.tui.app import CompanionApp
from companion.tui.screens.chat import ChatScreen
from companion.tui.talk import Talk
from companion.tui.widgets.conversation_view import ConversationView
from companion.tui.widgets.message_input import MessageInput
from companion.tui.widgets.message_view import LinesView
from companion.tui.widgets.status_line import StatusLine
from conversation_room import Room
from fakes import ObedientBackend

_PATIENCE = 1000


@dataclass
class Stage:
    """The chat while it runs, and what a test asks it."""

    app: CompanionApp
    pilot: Pilot[CompanionError]
    room: Room

    @property
    def chat(self) -> ChatScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, ChatScreen)
        return screen

    @property
    def talk(self) -> Talk:
        return self.chat.talk

    @property
    def conversation(self) -> Conversation:
        assert self.talk.conversation is not None
        return self.talk.conversation

    @property
    def view(self) -> ConversationView:
        return self.chat.query_one(ConversationView)

    @property
    def entry(self) -> MessageInput:
        return self.chat.query_one(MessageInput)

    @property
    def status(self) -> str:
        return self.chat.query_one(StatusLine).text

    @property
    def shown(self) -> list[str]:
        """Every mounted message as its lines on the screen, without notices."""
        return self._lines(notices=False)

    @property
    def notices(self) -> list[str]:
        """What the program said about her, as its lines on the screen."""
        return self._lines(notices=True)

    def _lines(self, *, notices: bool) -> list[str]:
        width = self.view.size.width
        return [
            "\n".join(line.text.rstrip() for line in each.lines(width))
            for each in self.view.query(LinesView)
            if each.has_class("notice") is notices
        ]

    def on_screen(self) -> str:
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join(strip.text.rstrip() for strip in strips)

    async def type(self, text: str) -> None:
        names = {" ": "space", "\n": "ctrl+j", ".": "full_stop"}
        await self.pilot.press(*(names.get(letter, letter) for letter in text))

    async def say(self, text: str) -> None:
        self.entry.insert(text)
        await self.pilot.press("enter")

    async def until(self, true: Callable[[], object]) -> None:
        for _ in range(_PATIENCE):
            if true():
                return
            await self.pilot.pause()
            await asyncio.sleep(0.005)
        raise AssertionError(f"never came: {self.status!r}\n{self.on_screen()}")

    async def until_silent(self) -> None:
        await self.until(lambda: not self.talk.talking)
        await self.pilot.pause()

    async def history(self) -> list[Message]:
        return await self.conversation.history(limit=1000)


@asynccontextmanager
async def staged(room: Room, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Stage]:
    """Run the chat in ``room`` until the block ends."""
    app = CompanionApp(lambda: room.companion, theme="dark")
    async with app.run_test(size=size) as pilot:
        stage = Stage(app, pilot, room)
        await stage.until(lambda: stage.talk.conversation is not None)
        await pilot.pause()
        yield stage


def fill(room: Room, count: int) -> None:
    """Put ``count`` exchanges into a new conversation."""
    conversation = room.begin()
    last: Message | None = None
    for number in range(count):
        said = room.transcript.add_user_message(
            conversation.id,
            f"question {number}",
            "",
            room.clock.now(),
            parent_id=last.id if last else None,
        )
        reply = room.transcript.begin_reply(said, "obedient", "obedient-1", "", room.clock.now())
        last = room.transcript.end_reply(
            reply.id, f"answer {number}", Status.COMPLETE, Timings(), room.clock.now()
        )


@dataclass
class AbsentBackend(ObedientBackend):
    """A backend whose model is not here until it is fetched, piece by piece."""

    here: bool = False
    pieces: list[Fetching | Exception | asyncio.Event] = field(default_factory=list)

    async def prepare(self, prefix: Sequence[PromptMessage]) -> AsyncGenerator[Preparation, None]:
        if self.here:
            yield Ready(0.0)
        else:
            yield ModelNeeded("small", "Small Model", 1_100_000_000, "Apache 2.0")

    async def fetch(self) -> AsyncGenerator[Preparation, None]:
        while self.pieces:
            piece = self.pieces.pop(0)
            if isinstance(piece, asyncio.Event):
                await piece.wait()
            elif isinstance(piece, Exception):
                raise piece
            else:
                yield piece
        yield Verifying()
        self.here = True

    async def stream_reply(
        self, messages: Sequence[PromptMessage], *, form: JsonSchema | None = None
    ) -> AsyncGenerator[ReplyPart, None]:
        if not self.here:
            raise ModelMissingError("Her model is not on this machine.")
        async for part in super().stream_reply(messages):
            yield part


async def escape(app: CompanionApp, asked: type[Widget]) -> None:
    """Run an app that asks for something before it opens, and leave it there."""
    async with app.run_test(size=(80, 24)) as pilot:
        stage = Stage(app, pilot, None)  # type: ignore[arg-type]
        await stage.until(lambda: app.screen.query(asked))
        await pilot.press("escape")
        await stage.until(lambda: app.return_value)
