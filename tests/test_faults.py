"""What breaks outside: a full disk, a file that cannot be written, a line that is cut."""

import asyncio
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import aclosing, closing
from datetime import timedelta
from pathlib import Path

import pytest

from cli.test_cli import run
from companion.assembly import open_companion, read_installation
from companion.domain.errors import CompanionError, StoreError
from companion.domain.message import Message, Role, Status
from companion.domain.turn_events import ReplyEnded
from companion.store.database import Store
from companion.store.transcript import SqliteTranscript
from conversation_room import Room, open_room
from full_home import NOW
from loopback_server import USAGE, Exchange, LoopbackServer, good

REPLY = "Yes, “quite” so 🙂. And then?"


def set_up(home: Path, base_url: str) -> Path:
    (home / "config").mkdir(parents=True)
    (home / "config/settings.toml").write_text(
        f'backend = "near"\n[backends.near]\nkind = "openai"\nmodel = "m"\n'
        f'base_url = "{base_url}"\nretries = 0\n[memory]\nencoder = false\n'
    )
    return home


def read_messages(home: Path) -> list[tuple[str, str, str]]:
    with closing(Store(home / "data/companion.db")) as store:
        store.check()
        rows = store.database.query("SELECT role, text, status FROM messages ORDER BY id")
        return [(row["role"], row["text"], row["status"]) for row in rows]


FILLS = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
from companion.domain.errors import StoreError
from companion.store.backups import SqliteBackups
from companion.store.database import Store
from companion.store.transcript import SqliteTranscript
from full_home import NOW
store = Store(Path(sys.argv[1]))
transcript = SqliteTranscript(store)
talk = transcript.create_conversation("samantha", NOW).id
for number in range(100_000):
    try:
        transcript.add_user_message(talk, f"word {number} " * 40, "", NOW, parent_id=None)
    except StoreError as error:
        print(error, flush=True)
        break
    print(number, flush=True)
try:
    SqliteBackups(store.path).make(NOW)
except StoreError as error:
    print(error, flush=True)
"""


@pytest.mark.parametrize("limit", [300_000, 1_000_000, 3_000_000])
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path, limit: int) -> None:
    """No file may grow beyond a limit: what a full disk does to a file that grows."""
    path = tmp_path / "companion.db"
    result = subprocess.run(
        [sys.executable, "-c", FILLS, str(path), str(limit)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    accepted = [int(line) for line in result.stdout.splitlines() if line.isdigit()]
    told = [line for line in result.stdout.splitlines() if not line.isdigit()]
    assert len(accepted) > 20
    assert told
    assert all("disk" in line and "is full" in line for line in told), told
    with closing(Store(path)) as store:
        store.check()
        rows = store.database.query("SELECT text FROM messages ORDER BY id")
        texts = [row["text"] for row in rows]
        assert texts == [f"word {number} " * 40 for number in accepted]
        SqliteTranscript(store).create_conversation("samantha", NOW)
    for each in (tmp_path / "backups").glob("*"):
        assert each.name.startswith("companion-")


@pytest.mark.skipif(
    os.geteuid() == 0 and not Path("/usr/bin/setpriv").exists(), reason="root may write anything"
)
@pytest.mark.parametrize("which", ["file", "folder"])
def test_what_cannot_be_written_is_told_in_one_line(tmp_path: Path, which: str) -> None:
    tmp_path.chmod(0o777)
    home = tmp_path / "home"
    with LoopbackServer(good(REPLY)) as server:
        set_up(home, server.base_url)
        run(home, "say", "hello")
        before = read_messages(home)
        locked = home / "data" / ("companion.db" if which == "file" else ".")
        told = as_nobody(home, locked, 0o400 if which == "file" else 0o500)
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert "cannot be" in told.stderr
    assert "Make " in told.stderr
    assert read_messages(home) == before


def as_nobody(home: Path, locked: Path, mode: int) -> subprocess.CompletedProcess[str]:
    """Say something as somebody whom the rights of files bind, and give the files back."""
    everything = [home, *home.rglob("*")]
    prefix = []
    if os.geteuid() == 0:
        prefix = ["setpriv", "--reuid=65534", "--clear-groups"]
        for path in everything:
            os.chown(path, 65534, -1)
    locked.chmod(mode)
    try:
        return subprocess.run(
            [*prefix, sys.executable, "-m", "companion", "say", "hello again"],
            env={**os.environ, "COMPANION_HOME": str(home), "HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        locked.chmod(0o700)
        for path in everything if os.geteuid() == 0 else ():
            os.chown(path, 0, -1)


async def test_a_clock_that_jumps_back_changes_no_order(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    conversation = room.begin()
    for number in range(6):
        async for _ in conversation.take_turn(f"message {number}"):
            pass
        await conversation.reflect()
        room.clock.at -= timedelta(days=100 * number)
    history = await conversation.history(limit=-1)
    said = [each.text for each in history if each.role is Role.USER]
    assert said == [f"message {number}" for number in range(6)]
    assert all(each.status in (Status.ANSWERED, Status.COMPLETE) for each in history)
    room.store.close()
    again = open_room(tmp_path, clock=room.clock)
    latest, _ = await again.companion.resume_or_begin()
    assert latest.id == conversation.id
    again.store.close()


async def test_two_programs_talk_at_once(tmp_path: Path) -> None:
    rooms = [open_room(tmp_path), open_room(tmp_path)]
    talks = [rooms[0].begin(), rooms[1].begin()]

    async def talk(which: int) -> None:
        for number in range(10):
            async for _ in talks[which].take_turn(f"{which} says {number}"):
                pass
            await talks[which].reflect()

    await asyncio.gather(talk(0), talk(1))
    for which in (0, 1):
        history = await talks[which].history(limit=-1)
        said = [each.text for each in history if each.role is Role.USER]
        assert said == [f"{which} says {number}" for number in range(10)]
        assert len(history) == 20
    rooms[0].store.check()
    for room in rooms:
        room.store.close()


async def test_two_programs_in_one_conversation_lose_nothing(tmp_path: Path) -> None:
    rooms = [open_room(tmp_path), open_room(tmp_path)]
    here = rooms[0].begin()
    there = await rooms[1].companion.open(here.id)

    async def talk(room: Room, which: int) -> None:
        for number in range(10):
            async for _ in (here, there)[which].take_turn(f"{which} says {number}"):
                pass

    await asyncio.gather(*(talk(room, which) for which, room in enumerate(rooms)))
    query = "SELECT text FROM messages WHERE role = 'user'"
    texts = {row["text"] for row in rooms[0].store.database.query(query)}
    assert texts == {f"{which} says {number}" for which in (0, 1) for number in range(10)}
    for room in rooms:
        room.store.close()


def write_stream() -> bytes:
    """Return what a server sends for one reply, from its first byte to its last."""
    pieces = [{"role": "assistant", "content": ""}, *({"content": each} for each in REPLY)]
    events = [
        {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in pieces[::1]
    ]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    events.append({"choices": [], "usage": USAGE})
    whole = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    lines = [json.dumps({**whole, **each}, ensure_ascii=False) for each in events]
    body = b""
    for line in (*lines, "[DONE]"):
        data = f"data: {line}\n\n".encode()
        body += b"%x\r\n%s\r\n" % (len(data), data)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"


class CuttingServer:
    """Answers with the first ``k`` bytes of a stream and hangs up."""

    def __init__(self) -> None:
        self.stream = write_stream()
        self.k = 0

    def behave(self, exchange: Exchange) -> None:
        exchange._handler.wfile.write(self.stream[: self.k])
        exchange._handler.wfile.flush()
        exchange.cut()


async def test_the_line_is_cut_at_every_byte(tmp_path: Path) -> None:
    cutting = CuttingServer()
    with LoopbackServer(cutting.behave) as server:
        home = set_up(tmp_path / "home", server.base_url)
        companion = open_companion(read_installation({"COMPANION_HOME": str(home)}))
        wrong: list[tuple[int, str]] = []
        try:
            for cutting.k in range(len(cutting.stream) + 1):
                ended = await take_turn(companion.begin(greet=False), f"cut after {cutting.k}")
                if problem := judge(cutting, ended):
                    wrong.append((cutting.k, problem))
        finally:
            await companion.close()
    assert wrong == []
    said = [text for role, text, _ in read_messages(home) if role == "user"]
    assert said == [f"cut after {k}" for k in range(len(cutting.stream) + 1)]
