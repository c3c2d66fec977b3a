"""Letting her think while nobody talks or types."""

from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.timer import Timer

from companion.domain.errors import CompanionError
from companion.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from companion.conversation.engine import Conversation

QUIET_SECONDS = 15.0
"""After so long without a key nobody is about to say something."""


class Idle:
    """Begins when a reply is whole, waits while the user types, ends with their next message."""

    def __init__(self, screen: Screen[None], status: StatusLine) -> None:
        self._screen = screen
        self._status = status
        self._conversation: Conversation | None = None
        self._timer: Timer | None = None

    def begin(self, conversation: "Conversation") -> None:
        """Let her think as soon as it is quiet."""
        self._conversation = conversation
        self._wait()

    def stir(self) -> None:
        """Take note that the user types: what she thinks of is put off."""
        if self._conversation is not None:
            self._stop()
            self._wait()

    def end(self) -> None:
        """Let her think of nothing but the next message."""
        self._conversation = None
        self._stop()

    def _wait(self) -> None:
        self._timer = self._screen.set_timer(QUIET_SECONDS, self._begin_thinking)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._screen.workers.cancel_group(self._screen, "think")

    def _begin_thinking(self) -> None:
        if self._conversation is not None:
            self._screen.run_worker(self._think(self._conversation), group="think", exclusive=True)

    async def _think(self, conversation: "Conversation") -> None:
        try:
            while await conversation.think():
                pass
        except CompanionError as error:
            self._status.complain(str(error))
