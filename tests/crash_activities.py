"""What the program does when it is killed: everything that writes."""

import asyncio
import importlib
import json
import shutil
import sqlite3
import uuid
from collections.abc import Sequence
from contextlib import aclosing, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from companion.assembly import open_companion, open_exchange
from companion.domain.errors import CompanionError
from companion.domain.message import Message, Status
from companion.domain.turn_events import UserMessageSaved
from companion.installation import Installation, read_installation
from companion.portable.formats import Format, Incoming
from companion.store.backups import SqliteBackups
from companion.store.copies import find_folder
from companion.store.copying import check_whole
from companion.store.database import MIGRATIONS, Store
from companion.store.erasing import SqliteEraser
from companion.store.sqlite import Database
from companion.store.times import to_text
from companion.store.transcript import SqliteTranscript
from crashes import Tell, Wreck, find_traces, tell_round

REPLY = " ".join(f"That is word {number} of what I have to say." for number in range(12))
"""Long enough to be cut short."""
_SAID = "said "
_MANY = 60
_NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


class Home:
    """A home of its own in a folder; ``base_url`` is a server that answers ``REPLY``."""

    def __init__(self, folder: Path, base_url: str = "http://127.0.0.1:9/v1") -> None:
        self.folder = folder
        self.path = folder / "data" / "companion.db"
        (folder / "config").mkdir(parents=True)
        (folder / "config/settings.toml").write_text(
            f'backend = "near"\n[backends.near]\nkind = "openai"\nmodel = "m"\n'
            f'base_url = "{base_url}"\n[memory]\nencoder = false\n'
        )
        self.installation: Installation = read_installation({"COMPANION_HOME": str(folder)})
        self.backups = SqliteBackups(self.path)
        self.kept: set[str] = set()

    def hear(self, told: Sequence[str]) -> None:
        """Note what the user was shown as sent."""
        self.kept |= {line.removeprefix(_SAID) for line in told if line.startswith(_SAID)}

    def look(self, told: Sequence[str] = ()) -> Wreck:
        """Open the database as the next start does, and judge it."""
        self.hear(told)
        corrupt = count_broken(find_folder(self.path))
        try:
            with closing(Store(self.path)) as store:
                store.check()
                return replace(_look_at(SqliteTranscript(store), store, self.kept), corrupt=corrupt)
        except CompanionError:
            return Wreck(corrupt=corrupt + 1)


def _look_at(transcript: SqliteTranscript, store: Store, kept: set[str]) -> Wreck:
    rows = store.database.query("SELECT role, text, status FROM messages")
    found = [(row["role"], row["text"], row["status"]) for row in rows]
    there = {text for role, text, _ in found if role == "user"}
    partial = sum(status == Status.WRITING for *_, status in found)
    transcript.mark_interrupted(datetime.now(UTC))
    query = "SELECT text, status FROM messages WHERE role = 'assistant' AND backend = 'near'"
    unmarked = 0
    for row in store.database.query(query):
        whole, cut = row["text"] == REPLY, REPLY.startswith(row["text"])
        good = whole if row["status"] == Status.COMPLETE else cut
        unmarked += not good or row["status"] == Status.WRITING
    return Wreck(lost=len(kept - there), partial=partial, unmarked=unmarked)


def count_broken(folder: Path) -> int:
    """Return how many backups are not whole."""
    broken = 0
    for path in folder.glob("companion-*.db"):
        try:
            check_whole(path, path, "")
        except CompanionError:
            broken += "-damaged" not in path.name
    return broken


def say(store: Store, text: str) -> Message:
    """Keep a message in a conversation of its own."""
    transcript = SqliteTranscript(store)
    talk = transcript.create_conversation("samantha", _NOW)
    return transcript.add_user_message(talk.id, text, "", _NOW, parent_id=None)


class Talking:
    """Turns through the real conversation, with a reply that streams over HTTP."""

    def __init__(self, home: Home) -> None:
        self._home = home
        # Loaded once, before the forks: the child is to be killed while it works.
        for module in ("openai", "companion.mood.appraiser", "companion.safety.screen"):
            importlib.import_module(module)

    def work(self, tell: Tell) -> None:
        """Talk for ever."""
        asyncio.run(self._talk(tell))

    async def _talk(self, tell: Tell) -> None:
        companion = open_companion(self._home.installation)
        conversation, _ = await companion.resume_or_begin()
        while True:
            text = f"I live in {uuid.uuid4().hex}, and I am tired"
            async with aclosing(conversation.take_turn(text)) as events:
                async for event in events:
                    if isinstance(event, UserMessageSaved):
                        tell(_SAID + event.message.text)
            await conversation.reflect()
            await companion.keep_safe()
            tell_round(tell)

    def look(self, told: list[str]) -> Wreck:
        """Judge the home."""
        return self._home.look(told)


class BackingUp:
    """Writing, and a backup after each message."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def work(self, tell: Tell) -> None:
        """Write and back up for ever."""
        with closing(Store(self._home.path)) as store:
            for second in count():
                text = uuid.uuid4().hex
                say(store, text)
                tell(_SAID + text)
                made = self._home.backups.make(_NOW + timedelta(seconds=second))
                if made:
                    self._home.backups.prune(3, made)
                tell_round(tell)

    def look(self, told: list[str]) -> Wreck:
        """Judge the home and its backups."""
        return self._home.look(told)


class Restoring:
    """Bringing a backup back, into a whole file or, with ``damaged``, in place of a broken one."""

    def __init__(self, home: Home, *, damaged: bool) -> None:
        self._home = home
        self._damaged = damaged
        with closing(Store(home.path)) as store:
            for _ in range(_MANY):
                say(store, text := uuid.uuid4().hex)
                home.kept.add(text)
        made = home.backups.make(_NOW, home.folder / "elsewhere")
        assert made
        self._backup = made.path
        self._get_ready()

    def _get_ready(self) -> None:
        shutil.rmtree(find_folder(self._home.path), ignore_errors=True)
        self._latest = uuid.uuid4().hex
        with closing(Store(self._home.path)) as store:
            say(store, self._latest)
        if self._damaged:
            self._home.path.write_bytes(self._latest.encode() * 4096)

    def work(self, tell: Tell) -> None:
        """Restore for ever."""
        for second in count():
            self._home.backups.restore(self._backup, _NOW + timedelta(seconds=second))
            tell_round(tell)

    def look(self, told: list[str]) -> Wreck:
        """The latest message must be in the database or in what was set aside."""
        stays = not find_traces(self._home.path.parent, [self._latest])
        raw = self._home.path.read_bytes()
        untouched = self._damaged and raw == self._latest.encode() * 4096
        if untouched:
            self._home.path.unlink()
            self._home.backups.restore(self._backup, _NOW + timedelta(days=1))
        wreck = self._home.look(told)
        self._get_ready()
        return replace(wreck, lost=wreck.lost + stays)


class Migrating:
    """Bringing an old database up to date."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._old = folder / "old.db"
        folder.mkdir(parents=True)
        second = MIGRATIONS._migrations[1]
        connection = sqlite3.connect(self._old)
        with closing(connection):
            MIGRATIONS.apply(Database(connection), stop_before=second.name)
            connection.execute(
                "INSERT INTO conversations (persona, created_at, updated_at) VALUES ('s', '', '')"
            )
            connection.executemany(
                "INSERT INTO messages (conversation_id, depth, role, text, note, status, "
                "created_at) VALUES (1, 0, 'user', ?, '', 'answered', ?)",
                [(f"old message {number}", to_text(_NOW)) for number in range(10 * _MANY)],
            )
            connection.commit()

    def work(self, tell: Tell) -> None:
        """Migrate copy after copy."""
        for number in count():
            folder = self._folder / f"{number}"
            folder.mkdir()
            shutil.copy(self._old, folder / "copying")
            (folder / "copying").rename(folder / "companion.db")
            Store(folder / "companion.db").close()
            tell_round(tell)

    def look(self, told: list[str]) -> Wreck:
        """Every copy must open and be whole."""
        lost = corrupt = 0
        for folder in [each for each in self._folder.iterdir() if each.is_dir()]:
            try:
                if (folder / "companion.db").exists():
                    with closing(Store(folder / "companion.db")) as store:
                        store.check()
                        lost += 10 * _MANY - store.database["messages"].count
            except CompanionError:
                corrupt += 1
            shutil.rmtree(folder)
        return Wreck(lost=lost, corrupt=corrupt)


class Importing:
    """Taking in conversations from elsewhere, all of a file or nothing."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def work(self, tell: Tell) -> None:
        """Import file after file."""
        with open_exchange(self._home.installation) as exchange:
            while True:
                file = self._home.folder / "turns.jsonl"
                file.write_text("\n".join(_write_turns(name := uuid.uuid4().hex)))
                with file.open("rb") as stream:
                    exchange.take_in(Incoming(stream, file), Format.JSONL, lambda _: None)
                tell(f"imported {name}")
                tell_round(tell)

    def look(self, told: list[str]) -> Wreck:
        """Each file must be there as a whole or not at all."""
        wreck = self._home.look()
        with closing(Store(self._home.path)) as store:
            query = "SELECT substr(text, 1, 32) AS name, COUNT(*) AS n FROM messages GROUP BY name"
            found = {row["name"]: row["n"] for row in store.database.query(query)}
        lost = sum(_MANY - each for each in found.values())
        for line in told:
            if line.startswith("imported "):
                lost += _MANY - found.get(line.removeprefix("imported "), 0)
        return replace(wreck, lost=wreck.lost + lost)


def _write_turns(name: str) -> list[str]:
    at = "2026-11-23T20:00:00Z"
    turn = {"conversation": name, "at": at, "speaker": "Ada", "role": "user"}
    return [json.dumps({**turn, "id": str(n), "text": f"{name} {n}"}) for n in range(_MANY)]


class Erasing:
    """Erasing conversations, and now and then everything, with backups in between."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._gone: list[str] = []

    def work(self, tell: Tell) -> None:
        """Say something, back it up, and erase it."""
        with closing(Store(self._home.path)) as store:
            eraser = SqliteEraser(store)
            for number in count():
                said = say(store, word := f"zq{uuid.uuid4().hex}")
                self._home.backups.make(_NOW + timedelta(seconds=number))
                if number % 4:
                    eraser.erase_conversation(said.conversation_id)
                else:
                    eraser.erase_everything()
                tell(f"erased {word}")
                tell_round(tell)

    def look(self, told: list[str]) -> Wreck:
        """Nothing erased may be in any file once the program was started again."""
        wreck = self._home.look()
        self._gone += [line.removeprefix("erased ") for line in told if line.startswith("erased ")]
        return replace(wreck, survived=find_traces(self._home.path.parent, self._gone))
