"""The companion as every way of talking to her uses it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING

from companion.conversation.care import Care
from companion.conversation.check_in import CheckIns
from companion.conversation.diary import MoodDiary
from companion.conversation.engine import Conversation
from companion.conversation.memory_book import MemoryBook
from companion.conversation.mind import Mind
from companion.conversation.safekeeping import Safekeeping
from companion.conversation.session_book import SessionBook
from companion.conversation.summary_book import SummaryBook
from companion.conversation.when import describe_moment
from companion.domain.errors import SessionError
from companion.domain.message import ConversationSummary
from companion.domain.persona import Persona
from companion.domain.preparation import Preparation
from companion.protocols.model import Backend

if TYPE_CHECKING:
    from companion.domain.session import Session

_STILL_HERE = timedelta(hours=6)


class Companion:
    """Opens, lists and ends conversations, and keeps the model at hand.

    ``make_backend`` builds the backend of a name; ``close`` ends what she holds. With
    ``check_ins`` her first words come back to how the user was; with ``safekeeping`` a
    backup is made each day.
    """

    def __init__(
        self,
        mind: Mind,
        make_backend: Callable[[str], Backend],
        backend_names: list[str],
        close_store: Callable[[], None],
        *,
        greets: bool = True,
        check_ins: CheckIns | None = None,
        sessions: SessionBook | None = None,
        safekeeping: Safekeeping | None = None,
    ) -> None:
        self._mind = mind
        self._make_backend = make_backend
        self._close_store = close_store
        self._greets = greets
        self._check_ins = check_ins
        self._safekeeping = safekeeping
        self.backend_names = backend_names
        self._sessions = sessions
        self.memories = MemoryBook(mind.memory, mind.clock)
        self.summaries = SummaryBook(mind)
        self.diary = MoodDiary(
            *(mind.moods, mind.reader, mind.transcript, mind.clock),
            recalled=mind.recollection.log,
            following=mind.following,
        )
        self.care = Care(mind.watch)
        self.disclosure = mind.disclosure

    @property
    def persona(self) -> Persona:
        """Whom the user talks with."""
        return self._mind.persona

    @property
    def backend_name(self) -> str:
        """The backend that answers, as the settings call it."""
        return self._mind.backend.name

    @property
    def model(self) -> str:
        """The model that answers."""
        return self._mind.backend.model

    async def open(self, conversation_id: int) -> Conversation:
        """Return a conversation that exists. Raises ``StoreError`` if it does not."""
        await asyncio.to_thread(self._mind.transcript.conversation, conversation_id)
        return Conversation(self._mind, conversation_id)

    async def open_latest(self) -> Conversation | None:
        """Return the conversation that was used last, if there is one."""
        found = await self.conversations(limit=1)
        return Conversation(self._mind, found[0].id) if found else None

    async def resume_or_begin(self) -> tuple[Conversation, str | None]:
        """Return the conversation to show at start, and what she says on coming back.

        The last one is gone on with while it is fresh; after that a new one begins
        with a greeting. In the days after a crisis she says nothing by herself, nor does
        she ever to a minor.
        """
        found = await self.conversations(limit=1)
        now = self._mind.clock.now()
        if not found or now - found[0].updated_at >= _STILL_HERE:
            return await self.begin(), None
        conversation = Conversation(self._mind, found[0].id)
        quiet = await self._keeps_quiet()
        if quiet or not (self._greets and found[0].user_spoke):
            return conversation, None
        return conversation, await self._choose(self.persona.greetings.back)

    async def begin(self, *, greet: bool = True) -> Conversation:
        """Begin a new conversation; its first message is her greeting, if she greets.

        One in which the user has not said a word yet is used again: empty ones
        shall not pile up.
        """
        mind, now = self._mind, self._mind.clock.now()
        greets = greet and self._greets
        before = await self.conversations(limit=2)
        if greets and before and not before[0].user_spoke:
            record = before[0]
            await asyncio.to_thread(mind.transcript.choose_head, record.id, None)
        else:
            record = await asyncio.to_thread(
                mind.transcript.create_conversation, mind.persona.id, now
            )
        if greets:
            await self._greet(record.id, again=any(item.user_spoke for item in before))
        return Conversation(mind, record.id)

    async def _greet(self, conversation_id: int, *, again: bool) -> None:
        mind, now = self._mind, self._mind.clock.now()
        greetings = self.persona.greetings
        comes_back = again and not await self._keeps_quiet()
        due = await asyncio.to_thread(mind.memory.choose_due, now) if comes_back else None
        words = None
        if due:
            count = len(await self.conversations())
            words = mind.memory.ask(due, now.date(), count)
        elif comes_back and self._check_ins:
            count = len(await self.conversations())
            words = await asyncio.to_thread(self._check_ins.choose, now, count)
        if words is None:
            words = await self._choose(greetings.again if again else greetings.first)
        note = mind.frame.fill_changing(when=describe_moment(now, None))
        greeting = await asyncio.to_thread(
            mind.transcript.add_greeting, conversation_id, words, note, now
        )
        if due:
            await asyncio.to_thread(mind.memory.follow_ups.mark_asked, due.id, greeting.id, now)

    async def _keeps_quiet(self) -> bool:
        return self.disclosure.minor or await asyncio.to_thread(self._mind.watch.keeps_quiet)

    async def conversations(self, limit: int | None = None) -> list[ConversationSummary]:
        """Return conversations, the most recently used first."""
        return await asyncio.to_thread(self._mind.transcript.conversations, limit)

    async def session(self, conversation_id: int, *, with_past: bool = True) -> "Session":
        """Return a conversation as it can be replayed, with what was known before it.

        Raises ``StoreError``, or ``SessionError`` where the user has said nothing yet.
        """
        if self._sessions is None:
            raise SessionError("Conversations cannot be written to files here.")
        return await asyncio.to_thread(self._sessions.session, conversation_id, with_past=with_past)

    async def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation a title."""
        await asyncio.to_thread(
            self._mind.transcript.rename_conversation, conversation_id, title.strip()
        )

    async def delete(self, conversation_id: int) -> None:
        """Erase a conversation."""
        await asyncio.to_thread(self._mind.transcript.delete_conversation, conversation_id)

    async def prepare(self, conversation: Conversation) -> AsyncGenerator[Preparation, None]:
        """Get the model ready while the user still reads or types."""
        prefix = await conversation.prefix()
        async with aclosing(self._mind.backend.prepare(prefix)) as steps:
            async for step in steps:
                yield step

    async def fetch_model(self) -> AsyncGenerator[Preparation, None]:
        """Download what the backend said it needs. Raises ``ModelError``."""
        async with aclosing(self._mind.backend.fetch()) as steps:
            async for step in steps:
                yield step

    async def use_backend(self, name: str) -> None:
        """Let another backend answer from the next turn on. Raises ``SettingsError``."""
        if name == self.backend_name:
            return
        fresh = self._make_backend(name)
        old, self._mind.backend = self._mind.backend, fresh
        await old.close()

    async def keep_safe(self) -> None:
        """Make the backup of the day, unless there is one. Raises ``StoreError``."""
        if self._safekeeping:
            await asyncio.to_thread(self._safekeeping.back_up_if_due)

    async def close(self) -> None:
        """Let go of the model and the database. May be called twice."""
        await self._mind.backend.close()
        self._close_store()

    async def _choose(self, variants: tuple[str, ...]) -> str:
        """Choose a greeting: a different one each time, by name where the name is known."""
        count = len(await self.conversations())
        name = await asyncio.to_thread(self._mind.transcript.user_name)
        fitting = [words for words in variants if ("{{user}}" in words) == bool(name)]
        words = (fitting or list(variants))[count % len(fitting or variants)]
        return words.replace("{{user}}", name or "you")
