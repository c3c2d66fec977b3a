"""Playing a life through the real program: only time and her words are made up."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from companion import assembly
from companion.conversation.companion import Companion
from companion.conversation.engine import Conversation
from companion.domain.memories import Memory
from companion.domain.message import Message, PromptMessage
from companion.domain.turn_events import ReplyStarted, UserMessageSaved
from companion.installation import read_installation
from companion.store.database import Store
from companion.store.memories import SqliteMemoryShelf
from companion.store.rows import MESSAGE, read_messages
from companion.store.times import from_text
from fakes import FakeClock
from life import Life, LifeTurn


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn as it came about.

    ``prompt`` is what the model read, but for what is the same in every conversation and
    for ``message``; ``told`` is that without all other words of this visit. ``memories``
    are those after the turn, closed ones as well. ``greeting`` began the visit.
    """

    turn: LifeTurn
    message: Message
    prompt: str
    told: str
    memories: tuple[Memory, ...]
    greeting: Message


@dataclass(frozen=True, slots=True)
class Ask:
    """She asked in a message of hers what became of a memory."""

    message_id: int
    memory: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Played:
    """A life that was played. ``said`` is everything that was said, by its number."""

    life: Life
    moments: tuple[Moment, ...]
    asks: tuple[Ask, ...]
    said: dict[int, Message]


async def play(life: Life, home: Path) -> Played:
    """Play a life in the folder ``home``, which is empty."""
    _write_settings(life, home / "config" / "settings.toml")
    with _open_store(home / "data" / "companion.db") as store:
        moments = await _play_visits(life, home, SqliteMemoryShelf(store))
        return Played(life, tuple(moments), _read_asks(store), _read_said(store))


@contextmanager
def _open_store(path: Path) -> Iterator[Store]:
    store = Store(path)
    try:
        yield store
    finally:
        store.close()


def _write_settings(life: Life, path: Path) -> None:
    """Set up a backend for every turn, which says what she says then."""
    path.parent.mkdir(parents=True)
    tables = (
        f"[backends.{_backend(turn)}]\nkind = 'scripted'\nreplies = [{json.dumps(turn.she)}]\n"
        for turn in life.turns
    )
    path.write_text("".join(tables), encoding="utf-8")


def _backend(turn: LifeTurn) -> str:
    return f"turn-{turn.number}"


async def _play_visits(life: Life, home: Path, shelf: SqliteMemoryShelf) -> list[Moment]:
    """Start the program anew for every visit."""
    clock, moments = FakeClock(), list[Moment]()
    installation = read_installation({"COMPANION_HOME": str(home)})
    with patch.object(assembly, "SystemClock", lambda: clock):
        for visit in life.visits():
            clock.at = visit[0].at
            companion = assembly.open_companion(installation, _backend(visit[0]))
            try:
                moments += await _play_visit(companion, clock, visit, shelf)
            finally:
                await companion.close()
    return moments


async def _play_visit(
    companion: Companion, clock: FakeClock, visit: Sequence[LifeTurn], shelf: SqliteMemoryShelf
) -> list[Moment]:
    conversation, _ = await companion.resume_or_begin()
    (greeting,) = await conversation.history(limit=2)
    moments = []
    for turn in visit:
        clock.at = turn.at
        await companion.use_backend(_backend(turn))
        message, prompt = await _play_turn(conversation, turn)
        words = await conversation.history(limit=1000)
        moments.append(
            Moment(
                *(turn, message, _without([message], prompt), _without(words, prompt)),
                tuple(shelf.memories(closed=True)),
                greeting,
            )
        )
    return moments


async def _play_turn(
    conversation: Conversation, turn: LifeTurn
) -> tuple[Message, list[PromptMessage]]:
    """Return the message and what the model read beside what is always the same."""
    prefix = await conversation.prefix()
    prompt: list[PromptMessage] = []
    async for event in conversation.take_turn(turn.say):
        if isinstance(event, UserMessageSaved):
            message = event.message
        if isinstance(event, ReplyStarted):
            prompt = list(event.prompt[len(prefix) :])
    await conversation.reflect()
    # The last sentence of the system message gives the user's name, where that is known.
    about_user = prefix[0].content.rpartition(". ")[2]
    return message, [PromptMessage(prefix[0].role, about_user), *prompt]


def _without(said: Sequence[Message], prompt: Sequence[PromptMessage]) -> str:
    """Return the words of a prompt but for what was said, where it stands as it was said."""
    texts = sorted((message.text for message in said), key=len, reverse=True)
    contents = [message.content for message in prompt]
    for text in texts:
        contents = [content.removesuffix(text).strip() for content in contents]
    return "\n".join(filter(None, contents))


def _read_asks(store: Store) -> tuple[Ask, ...]:
    query = (
        "SELECT f.asked_in, m.text, f.asked_at FROM follow_ups AS f "
        "JOIN memories AS m ON m.id = f.memory_id WHERE f.asked_at IS NOT NULL"
    )
    with store.reading() as database:
        rows = database.conn.execute(query).fetchall()
    return tuple(Ask(row[0], row[1], from_text(row[2])) for row in rows)


def _read_said(store: Store) -> dict[int, Message]:
    with store.reading() as database:
        said = read_messages(database, f"SELECT {MESSAGE} FROM messages AS m")
    return {each.id: each for each in said}
