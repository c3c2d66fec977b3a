"""Asking whether a backup may take the place of a database that is damaged."""

from asyncio import to_thread
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import App

from companion.domain.errors import CompanionError, DamagedError

if TYPE_CHECKING:
    from companion.conversation.companion import Companion
    from companion.conversation.safekeeping import Rescue
    from companion.domain.backups import Restoration

_RESTORE, _LEAVE = "Bring the backup back", "Leave everything as it is, and quit"
_QUESTION = (
    "The file with your conversations is damaged. The backup {when} has {messages}. "
    "The damaged file is kept beside it, whatever you choose."
)


async def open_or_rescue(
    app: App[CompanionError],
    opening: "Callable[[], Companion]",
    rescuing: "Callable[[], Rescue] | None",
) -> "Companion":
    """Open the companion, after a backup came back if it must and the user agrees.

    Raises the ``DamagedError`` where there is no backup or the user does not want it.
    """
    try:
        return await to_thread(opening)
    except DamagedError:
        if rescuing is None:
            raise
        rescue = await to_thread(rescuing)
        found = await to_thread(rescue.find)
        if found is None or not await _ask(app, found):
            raise
        await to_thread(rescue.restore, found.file)
    return await to_thread(opening)


async def _ask(app: App[CompanionError], found: "Restoration") -> bool:
    # Loaded when it is asked for: the first frame does without.
    from companion.tui.screens.choice import ChoiceScreen

    until = found.then.until
    when = f"that ends on {until.astimezone():%-d %B %Y at %H:%M}" if until else "that is there"
    count = found.then.messages
    messages = "1 message" if count == 1 else f"{count:,} messages"
    question = _QUESTION.format(when=when, messages=messages)
    screen = ChoiceScreen(question, (_RESTORE, _LEAVE), "")
    return await app.push_screen_wait(screen) == _RESTORE
