"""The chat as a program: opens, shows, closes.

Nothing heavy is imported here: the first frame is on the screen before the
database, the model and everything that they need are loaded.
"""

from collections.abc import Callable, Sequence
from os import environ
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.app import App
from textual.worker import WorkerFailed

from companion.domain.errors import CompanionError
from companion.tui.harmless import HarmlessFilter
from companion.tui.memory import give_back_memory
from companion.tui.rescue import open_or_rescue
from companion.tui.screens.chat import ChatScreen
from companion.tui.themes import THEMES

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.filter import LineFilter

    from companion.conversation.companion import Companion
    from companion.conversation.safekeeping import Rescue

_SETTLED_SECONDS = 2.0


def _find_commands() -> "type[Provider]":
    from companion.tui.commands import ChatCommands

    return ChatCommands


class CompanionApp(App[CompanionError]):
    """Shows the chat at once and opens the companion behind it.

    ``opening`` blocks; it runs in a thread after the first frame. A
    ``CompanionError`` of it ends the app and is its return value, unless the database is
    damaged and ``rescuing`` gives a way back that the user takes, or it is locked and the
    user gives the passphrase, which goes to ``unlocking``.
    """

    TITLE = "Companion"
    CSS_PATH = "app.tcss"
    # Textual declares these two in a way that forbids to say ClassVar here.
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [  # noqa: RUF012
        (0, "-cramped"),
        (30, "-narrow"),
        (60, "-wide"),
        (100, "-spacious"),
    ]
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [  # noqa: RUF012
        (0, "-flat"),
        (8, "-low"),
        (18, "-high"),
    ]
    COMMANDS: ClassVar[set[type["Provider"] | Callable[[], type["Provider"]]]] = {_find_commands}

    def __init__(
        self,
        opening: "Callable[[], Companion]",
        rescuing: "Callable[[], Rescue] | None" = None,
        unlocking: Callable[[str], None] | None = None,
        *,
        theme: Literal["dark", "light"],
    ) -> None:
        # Without this, Textual would answer NO_COLOR with greys and a dark background.
        super().__init__(ansi_color=True if "NO_COLOR" in environ else None)
        self._opening = opening
        self._rescuing = rescuing
        self._unlocking = unlocking
        self._companion: Companion | None = None
        self._chat = ChatScreen()
        self._harmless = HarmlessFilter()
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme

    @property
    def unexpected(self) -> BaseException | None:
        """The error that ended the app though nobody foresaw it."""
        error = self._exception
        return error.error if isinstance(error, WorkerFailed) else error

    def get_line_filters(self) -> "Sequence[LineFilter]":
        """Let nothing through to the terminal that is not text."""
        return [*super().get_line_filters(), self._harmless]

    def get_default_screen(self) -> ChatScreen:
        """Begin with the chat."""
        return self._chat

    def on_ready(self) -> None:
        """Open the companion, now that the first frame is on the screen."""
        self.run_worker(self._open())

    async def on_unmount(self) -> None:
        """Let go of the model and the database."""
        if self._companion is not None:
            await self._companion.close()

    async def action_quit(self) -> None:
        """Keep what there is and end."""
        await self._chat.leave()
        self.exit()

    async def _open(self) -> None:
        try:
            opening = open_or_rescue(self, self._opening, self._rescuing, self._unlocking)
            self._companion = companion = await opening
            conversation, words = await companion.resume_or_begin()
            await self._chat.open(companion, conversation, words)
            self.set_timer(_SETTLED_SECONDS, give_back_memory)
        except CompanionError as error:
            self.exit(error, return_code=1)
            return
        try:
            await companion.keep_safe()
        except CompanionError as error:
            self._chat.complain(str(error))

    def _fatal_error(self) -> None:
        # Textual would print a wall of traceback, with what the user said in it.
        self._close_messages_no_wait()


def run_chat(
    opening: "Callable[[], Companion]",
    rescuing: "Callable[[], Rescue]",
    unlocking: Callable[[str], None],
    *,
    theme: Literal["dark", "light"],
) -> None:
    """Show the chat until the user leaves it.

    Raises the ``CompanionError`` that kept it from opening, or whatever
    unexpected error ended it, after the terminal is as it was before.
    """
    app = CompanionApp(opening, rescuing, unlocking, theme=theme)
    failure = app.run() or app.unexpected
    if failure is not None:
        raise failure
