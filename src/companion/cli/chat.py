"""``companion``: opens the chat."""

import sys
from functools import partial

from companion.domain.errors import CompanionError


def open_chat(backend: str | None = None, model: str | None = None) -> None:
    """Open the chat and return when it is closed. Raises ``CompanionError``."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CompanionError("The chat needs a terminal. In a pipe or a script, use: companion say")
    from companion.assembly import open_companion, read_installation
    from companion.tui.app import run_chat

    installation = read_installation()
    chat = installation.settings.chat
    opening = partial(open_companion, installation, backend, model)
    run_chat(opening, theme=chat.theme, greet=chat.greet)
