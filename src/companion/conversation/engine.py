"""One conversation and its turns."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from companion.conversation.answering import answer
from companion.conversation.idle import think
from companion.conversation.mind import Mind
from companion.conversation.name import notice_name
from companion.conversation.noticing import catch_up
from companion.conversation.prompter import write_prefix, write_prompt
from companion.conversation.reflection import refine_appraisal
from companion.conversation.summing_up import sum_up_by_rules
from companion.conversation.taking_in import TakenIn, read_before, take_in
from companion.conversation.watch import watch_over
from companion.conversation.window import WINDOW
from companion.domain.errors import CompanionError
from companion.domain.message import Message, PromptMessage, Role
from companion.domain.mood import MoodEntry
from companion.domain.turn_events import (
    CameToMind,
    MemoriesTold,
    MoodNoticed,
    Notice,
    ReplyEnded,
    ReplyStarted,
    ReplyText,
    TurnEvent,
    UserMessageSaved,
)
from companion.prompting.compose import Prompt
from companion.safety.sanitise import make_harmless

_AT_LEISURE = 200
"""How many messages are read for memories after a reply."""


class Conversation:
    """A conversation that is kept. All methods raise ``StoreError``."""

    def __init__(self, mind: Mind, conversation_id: int) -> None:
        self._mind = mind
        self.id = conversation_id

    async def history(self, *, before: int | None = None, limit: int = 30) -> list[Message]:
        """Return messages of the active branch, oldest first, ending before a message."""
        return await asyncio.to_thread(
            self._mind.transcript.branch, self.id, before=before, limit=limit
        )

    async def draft(self) -> str:
        """Return what the user had typed but not sent."""
        return await asyncio.to_thread(self._mind.transcript.draft, self.id)

    async def save_draft(self, text: str) -> None:
        """Keep what the user has typed but not sent."""
        now = self._mind.clock.now()
        await asyncio.to_thread(self._mind.transcript.save_draft, self.id, text, now)

    async def take_turn(self, text: str) -> AsyncGenerator[TurnEvent, None]:
        """Keep what the user says, then answer it.

        Closing the iterator or cancelling the task stops the reply and keeps what
        came of it. A failure of the model is an event, not an error; raises
        ``CompanionError`` if there is nothing to say.
        """
        message = await asyncio.to_thread(self._add, text)
        yield UserMessageSaved(message)
        async with aclosing(self._respond(message)) as events:
            async for event in events:
                yield event

    async def answer_again(self) -> AsyncGenerator[TurnEvent, None]:
        """Answer the user's last message once more, on a branch of its own."""
        mind, message = self._mind, await self._last_of_user()
        await asyncio.to_thread(mind.transcript.choose_head, self.id, message.id)
        before = await asyncio.to_thread(read_before, mind, message)
        stance = await asyncio.to_thread(mind.watch.meet, message)
        async with aclosing(answer(mind, message, before, stance)) as events:
            async for event in events:
                yield event

    async def edit_last(self, text: str) -> AsyncGenerator[TurnEvent, None]:
        """Say the user's last message differently, on a branch of its own."""
        old = await self._last_of_user()
        await asyncio.to_thread(self._mind.memory.shelf.take_back, old.id)
        message = await asyncio.to_thread(self._keep, text, old.parent_id)
        yield UserMessageSaved(message)
        async with aclosing(self._respond(message)) as events:
            async for event in events:
                yield event

    async def reflect(self) -> MoodEntry | None:
        """Think over the last turn, after the reply: keep what matters of it.

        Return the mood if it looks different now.

        May take as long as a reply and may be cancelled at any time. Raises ``StoreError``.
        """
        await catch_up(self._mind, _AT_LEISURE)
        await asyncio.to_thread(self._mind.recollection.learn)
        await asyncio.to_thread(sum_up_by_rules, self._mind, self.id)
        message = await self._last_of_user()
        return await refine_appraisal(self._mind, message)

    async def think(self) -> bool:
        """Let the model, where it is able, do one small job while nobody talks or types.

        Return whether it did one, and there may be more. May be cancelled at any time.
        Raises ``StoreError``.
        """
        return await think(self._mind, self.id)

    async def prefix(self) -> tuple[PromptMessage, ...]:
        """Return the part of the prompt that is the same in every turn."""
        return await asyncio.to_thread(write_prefix, self._mind, self.id)

    async def prompt(self) -> Prompt:
        """Return the prompt for a reply to the last message of the active branch."""
        return await asyncio.to_thread(self._write_prompt)

    def _write_prompt(self) -> Prompt:
        mind = self._mind
        history = mind.transcript.branch(self.id, limit=WINDOW)
        said = next((each for each in reversed(history) if each.role is Role.USER), None)
        guidance = mind.moods.guidance(said.id) if said else None
        prefix = write_prefix(mind, self.id)
        return write_prompt(mind, history, guidance, mind.backend.profile, prefix)

    async def _last_of_user(self) -> Message:
        for message in reversed(await self.history(limit=2)):
            if message.role is Role.USER:
                return message
        raise CompanionError("There is nothing of yours to go back to yet.")

    def _add(self, text: str) -> Message:
        return self._keep(text, self._mind.transcript.conversation(self.id).head_id)

    def _keep(self, text: str, parent: int | None) -> Message:
        text = make_harmless(text).strip()
        if not text:
            raise CompanionError("There is nothing to say in that message.")
        transcript, now = self._mind.transcript, self._mind.clock.now()
        message = transcript.add_user_message(self.id, text, "", now, parent_id=parent)
        name = notice_name(text)
        if name:
            transcript.keep_user_name(name, message.id)
        return message

    async def _respond(self, message: Message) -> AsyncGenerator[TurnEvent, None]:
        """Watch over a new message, notice how the user feels in it, and answer it."""
        mind = self._mind
        async with aclosing(watch_over(mind.watch, message)) as cards:
            async for card in cards:
                yield card
        taken = await asyncio.to_thread(take_in, mind, message)
        if isinstance(taken, Message):
            yield ReplyStarted(taken, (), None)
            yield ReplyText(taken.text)
            yield ReplyEnded(taken)
            return
        for event in _tell(taken):
            yield event
        speaking = answer(mind, taken.noticed.message, taken.before, taken.stance)
        async with aclosing(speaking) as events:
            async for each in events:
                yield each


def _tell(taken: TakenIn) -> Iterator[TurnEvent]:
    noticed = taken.noticed
    yield MoodNoticed(noticed.entry, noticed.mood, noticed.guidance)
    if noticed.problem:
        yield Notice(noticed.problem)
    if taken.told:
        yield MemoriesTold(tuple(taken.told))
    if taken.recalled:
        yield CameToMind(tuple(taken.recalled))
