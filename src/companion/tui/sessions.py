"""Writing the conversation to a file."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from companion.portable.session_file import name_session_file, write_session_file

if TYPE_CHECKING:
    from companion.conversation.companion import Companion
    from companion.conversation.engine import Conversation

_WITH_PAST, _ALONE = "with all earlier talks in it", "this talk only"


async def write_session(companion: "Companion", conversation: "Conversation") -> str:
    """Write a conversation into the current folder and say where it is, and what is in it.

    What was known before goes with it: without that a replay would not come out the same.
    Raises ``CompanionError``.
    """
    session = await companion.session(conversation.id)
    path = name_session_file(Path(), conversation.id, datetime.now().astimezone())
    await asyncio.to_thread(write_session_file, path, session)
    return f"Wrote {path}, {_WITH_PAST if session.past else _ALONE}."
