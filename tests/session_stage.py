"""A home in which conversations were had with a scripted model, and files out of it."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

from companion.assembly import open_companion
from companion.conversation.companion import Companion
from companion.domain.session import Session
from companion.domain.turn_events import ReplyText
from companion.installation import read_installation
from companion.portable.session_file import write_session_file

NAMES = ("I want to tell you of my sister Nora. She lives in Lisbon.", "I'm so sad about Nora.")
TALK = (
    "My name is Theo. My sister Nora is ill.",
    "I am so sad today, Nora is getting worse.",
    "What did I tell you about Nora?",
    "I feel a bit better now, thanks. Nora laughed today!",
)
REPLIES = (
    "Theo, that sounds heavy. How is Nora today?",
    "I hear how sad you are. I am here.",
    "You told me that she is ill.",
    "Oh, that is good to hear. What made her laugh?",
)


def make_home(folder: Path, replies: Sequence[str] = REPLIES, extra: str = "") -> Path:
    """Return a home whose settings know a scripted model, called script."""
    (folder / "config").mkdir(parents=True)
    listed = ", ".join(repr(reply).replace("'", '"') for reply in replies)
    (folder / "config" / "settings.toml").write_text(
        f'backend = "script"\n{extra}\n[backends.script]\nkind = "scripted"\nreplies = [{listed}]\n'
    )
    return folder


def open_home(home: Path) -> Companion:
    return open_companion(read_installation({"COMPANION_HOME": str(home)}))


async def talk(home: Path, said: Sequence[str], *, stop_at: int | None = None) -> int:
    """Have a conversation; at one turn she is stopped after her first words."""
    companion = open_home(home)
    try:
        conversation = await companion.begin()
        for number, text in enumerate(said):
            async with aclosing(conversation.take_turn(text)) as events:
                async for event in events:
                    if number == stop_at and isinstance(event, ReplyText):
                        break
            await conversation.reflect()
        return conversation.id
    finally:
        await companion.close()


async def export(home: Path, number: int, *, with_past: bool = True) -> Session:
    companion = open_home(home)
    try:
        return await companion.session(number, with_past=with_past)
    finally:
        await companion.close()


def record(folder: Path, said: Sequence[str] = TALK, *, stop_at: int | None = None) -> Path:
    """Return a session file of a conversation that had another one before it."""
    home = make_home(folder / "home")
    asyncio.run(talk(home, NAMES))
    number = asyncio.run(talk(home, said, stop_at=stop_at))
    path = folder / "talk.session.jsonl"
    write_session_file(path, asyncio.run(export(home, number)))
    return path
