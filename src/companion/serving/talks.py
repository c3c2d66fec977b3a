"""Conversations that other programs have with her, one for each name that they give."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass

from companion.conversation.companion import Companion
from companion.conversation.engine import Conversation
from companion.domain.errors import CompanionError
from companion.domain.message import Message, Role
from companion.domain.turn_events import (
    CrisisCardShown,
    Notice,
    ReplyEnded,
    ReplyRestarted,
    ReplyText,
)
from companion.safety.card_text import tell_card
from companion.safety.sanitise import make_harmless

_TITLE = "served"


@dataclass(frozen=True, slots=True)
class Void:
    """What came of the reply so far does not count: it begins again."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Something that the program itself says; ``grave`` where it is the card of whom to call."""

    text: str
    grave: bool = False


TalkPart = str | Aside | Void | Message
"""A piece of her answer, something beside it, or that it begins again; last the kept reply."""


class Talks:
    """Takes one turn at a time, whoever asks: there is one of her.

    What the program itself has to say (what she is, whom to call, notices) stands in front of
    her reply, for a client has no other place for it.
    """

    def __init__(self, companion: Companion) -> None:
        self._companion = companion
        self._turn = asyncio.Lock()
        self._thinking: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """The model that clients see: her persona."""
        return self._companion.persona.id

    async def answer(self, user: str, words: str) -> AsyncGenerator[TalkPart, None]:
        """Yield what is answered. Closing the iterator stops her, and what came is kept.

        Raises ``CompanionError`` where nothing can be answered.
        """
        async with self._turn:
            await self._stop_thinking()
            conversation = await self._find(user)
            if notice := await self._find_notice(conversation):
                yield Aside(f"{notice}\n\n")
            async with aclosing(self._take_turn(conversation, words)) as parts:
                async for part in parts:
                    yield part
            self._thinking = asyncio.create_task(self._think(conversation))

    async def close(self) -> None:
        """Let go of her once the turn that is being taken has ended."""
        async with self._turn:
            await self._stop_thinking()
            await self._companion.close()

    async def _take_turn(
        self, conversation: Conversation, words: str
    ) -> AsyncGenerator[TalkPart, None]:
        async with aclosing(conversation.take_turn(words)) as events:
            async for event in events:
                match event:
                    case CrisisCardShown():
                        told = "\n".join(tell_card(event.card, event.screening))
                        yield Aside(f"{told}\n\n", grave=True)
                    case Notice():
                        yield Aside(f"{event.text}\n\n")
                    case ReplyText():
                        yield event.text
                    case ReplyRestarted():
                        yield Void()
                    case ReplyEnded():
                        yield event.message
                    case _:
                        pass

    async def _find(self, user: str) -> Conversation:
        """Return the conversation with ``user``, which its title tells."""
        name = " ".join(make_harmless(user).split())
        title = f"{_TITLE}: {name}" if name else _TITLE
        known = await self._companion.conversations()
        found = next((each for each in known if each.title == title), None)
        if found:
            return await self._companion.open(found.id)
        fresh = await self._companion.begin(greet=False)
        await self._companion.rename(fresh.id, title)
        return fresh

    async def _find_notice(self, conversation: Conversation) -> str:
        """Return what says that she is software, where it was not said not long ago."""
        said = [each for each in await conversation.history(limit=2) if each.role is Role.USER]
        return self._companion.disclosure.due_after(said[-1].created_at if said else None)

    async def _think(self, conversation: Conversation) -> None:
        # What is not thought over now is thought over after the next turn.
        with suppress(CompanionError):
            await conversation.reflect()
            await self._companion.keep_safe()

    async def _stop_thinking(self) -> None:
        task, self._thinking = self._thinking, None
        if task:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
