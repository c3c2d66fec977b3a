"""``companion``: opens the chat."""

import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from companion.domain.errors import CompanionError
from companion.locations import find_locations

if TYPE_CHECKING:
    from companion.conversation.companion import Companion
    from companion.conversation.safekeeping import Rescue


def open_chat(backend: str | None = None, model: str | None = None) -> None:
    """Open the chat and return when it is closed. Raises ``CompanionError``."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CompanionError("The chat needs a terminal. In a pipe or a script, use: companion say")
    with _unechoed():
        from companion.tui.app import run_chat

    given: list[str] = []

    def opening() -> "Companion":
        # Settings, database and all that they need are loaded behind the first frame.
        from companion.assembly import open_companion
        from companion.installation import read_installation

        return open_companion(read_installation(ask=lambda: given), backend, model)

    def rescuing() -> "Rescue":
        from companion.assembly import open_rescue
        from companion.installation import read_installation

        return open_rescue(read_installation(ask=lambda: given))

    def unlocking(passphrase: str) -> None:
        given[:] = [passphrase]

    run_chat(opening, rescuing, unlocking, theme=_find_theme())


@contextmanager
def _unechoed() -> Iterator[None]:
    """Show nothing of what is typed while the screen is loaded: it may be a passphrase."""
    try:
        import termios
    except ImportError:  # On Windows there is no such thing.
        yield
        return
    kept = termios.tcgetattr(sys.stdin)
    quiet = [*kept[:3], kept[3] & ~termios.ECHO, *kept[4:]]
    termios.tcsetattr(sys.stdin, termios.TCSANOW, quiet)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, kept)


def _find_theme() -> Literal["dark", "light"]:
    """Return the theme that the settings ask for, without judging the rest of them.

    Reading them properly takes as long as painting the first frame.
    """
    try:
        table = tomllib.loads(find_locations().settings_file.read_text(encoding="utf-8"))
        return "light" if table["chat"]["theme"] == "light" else "dark"
    except (OSError, ValueError, KeyError, TypeError):
        return "dark"
