"""Getting the model ready, and saying so."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from companion.domain.errors import CompanionError
from companion.domain.preparation import Loading, ModelNeeded, Preparation, Ready, Warming
from companion.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from companion.conversation.companion import Companion
    from companion.conversation.engine import Conversation

Obtain = Callable[[ModelNeeded], Awaitable[bool]]


class Waking:
    """Follows preparations: those in the background and those of a turn.

    ``obtain`` asks the user for a model that is missing and fetches it.
    """

    def __init__(self, status: StatusLine, obtain: Obtain) -> None:
        self._status = status
        self._obtain = obtain
        self._declined = False
        self._preparing = asyncio.Lock()

    async def prepare(self, companion: "Companion", conversation: "Conversation") -> None:
        """Prepare the model in the background."""
        async with self._preparing:
            self._declined = False
            try:
                while await self._prepare_once(companion, conversation):
                    pass
            except CompanionError as error:
                self._status.complain(str(error))

    async def settled(self) -> None:
        """Wait until nothing is prepared in the background.

        Whoever has just said no to the model is not asked again by the turn that
        waited for the answer; by the next turn they are.
        """
        if not self._preparing.locked():
            self._declined = False
        async with self._preparing:
            pass

    async def take(self, step: Preparation) -> bool:
        """Follow one step; return whether a missing model has been fetched."""
        match step:
            case ModelNeeded() if not self._declined:
                self._status.clear()
                fetched = await self._obtain(step)
                self._declined = not fetched
                return fetched
            case Loading():
                self._status.wait("Waking up")
            case Warming():
                self._status.wait("Gathering her thoughts")
            case Ready():
                self._status.clear()
        return False

    async def _prepare_once(self, companion: "Companion", conversation: "Conversation") -> bool:
        fetched = False
        async with aclosing(companion.prepare(conversation)) as steps:
            async for step in steps:
                fetched = await self.take(step)
        return fetched
