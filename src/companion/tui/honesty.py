"""Saying what she is, by the clock, and asking once how old the user is."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.screen import Screen

from companion.domain.disclosure import AgeGroup
from companion.domain.errors import CompanionError
from companion.domain.message import Message, Role, Status
from companion.tui.widgets.conversation_view import ConversationView
from companion.tui.widgets.message_input import MessageInput
from companion.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from companion.conversation.companion import Companion
    from companion.conversation.disclosure import Disclosure

_CHECKED_EVERY_SECONDS = 60.0
_NOTED = "Noted, and kept on this machine. companion safety age changes it."
_NOT_SAID = "All right. companion safety age says it whenever you like."


class Honesty:
    """Tells the user that she is software: at the start, and again while the talk goes on."""

    def __init__(
        self,
        screen: Screen[None],
        view: ConversationView,
        status: StatusLine,
        entry: MessageInput,
    ) -> None:
        self._screen = screen
        self._view = view
        self._status = status
        self._entry = entry
        self._disclosure: Disclosure | None = None

    def open(self, companion: "Companion") -> None:
        """Look at the clock from now on, and ask for the age where that was never done."""
        self._disclosure = companion.disclosure
        self._screen.set_interval(_CHECKED_EVERY_SECONDS, self.check)
        # Whoever types already is not asked in the middle of a word: the next start asks.
        if self._disclosure.age is AgeGroup.UNASKED and not self._entry.whole_text:
            self.ask_age()

    async def check(self) -> None:
        """Say it again if it is time to."""
        words = self._disclosure.due() if self._disclosure else ""
        if words:
            following = self._view.is_following
            await self._view.tell(as_notice(words))
            if not following:
                self._status.say(words)

    def ask_age(self) -> None:
        """Ask how old the user is; nothing is chosen beforehand, and Esc leaves it unsaid.

        Whoever types instead is asked at the next start.
        """
        from companion.tui.screens.age import AgeScreen

        def keep(age: AgeGroup | None) -> None:
            if age is AgeGroup.UNASKED:
                return
            self._screen.run_worker(self._keep(age or AgeGroup.UNSAID), group="age")

        self._screen.app.push_screen(AgeScreen(self._entry.insert), keep)

    async def _keep(self, age: AgeGroup) -> None:
        if self._disclosure is None:
            return
        try:
            await self._disclosure.choose_age(age)
        except CompanionError as error:
            self._status.complain(str(error))
            return
        self._status.say(_NOT_SAID if age is AgeGroup.UNSAID else _NOTED)


def as_notice(words: str) -> Message:
    """Return words of the program as they stand among the messages; they are not kept."""
    return Message(0, 0, None, 0, Role.SYSTEM, words, Status.COMPLETE, datetime.now(UTC))
