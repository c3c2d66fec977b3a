"""Opening what is locked or damaged: the user is asked for the passphrase, or for a backup."""

from asyncio import to_thread
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import App

from companion.domain.errors import CompanionError, DamagedError, LockedError

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
    unlocking: Callable[[str], None] | None,
) -> "Companion":
    """Open the companion, after a backup came back if it must and the user agrees.

    Raises the ``DamagedError`` where there is no backup or the user does not want it, the
    ``LockedError`` where the user gives no passphrase.
    """
    try:
        return await _open_or_unlock(app, opening, unlocking)
    except DamagedError:
        if rescuing is None:
            raise
        rescue = await to_thread(rescuing)
        found = await to_thread(rescue.find)
        if found is None or not await _ask(app, found):
            raise
        await to_thread(rescue.restore, found.file)
    return await to_thread(opening)


async def _open_or_unlock(
    app: App[CompanionError],
    opening: "Callable[[], Companion]",
    unlocking: Callable[[str], None] | None,
) -> "Companion":
    again = False
    while True:
        try:
            return await to_thread(opening)
        except LockedError:
            if unlocking is None or not (passphrase := await _ask_passphrase(app, again=again)):
                raise
        unlocking(passphrase)
        again = True


async def _ask_passphrase(app: App[CompanionError], *, again: bool) -> str | None:
    # Loaded when it is asked for: the first frame does without.
    from companion.tui.screens.passphrase import PassphraseScreen

    return await app.push_screen_wait(PassphraseScreen(again=again))


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
