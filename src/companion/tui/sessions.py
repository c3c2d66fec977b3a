"""Writing the conversation to a file."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from companion.portable.session_file import name_session_file, write_session_file

if TYPE_CHECKING:
    from companion.conversation.companion import Companion
    from companion.conversation.engine import Conversation


async def write_session(companion: "Companion", conversation: "Conversation") -> Path:
    """Write a conversation into the current folder and return the name of the file.

    Raises ``CompanionError``.
    """
    session = await companion.session(conversation.id)
    path = name_session_file(Path(), conversation.id, datetime.now().astimezone())
    await asyncio.to_thread(write_session_file, path, session)
    return path
