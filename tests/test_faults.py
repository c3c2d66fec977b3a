"""What breaks outside: a full disk, a file that cannot be written, a line that is cut."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from cli.test_cli import run
from companion.domain.message import Message, Role, Status
from companion.domain.turn_events import ReplyEnded
from companion.installation import make_backend, read_installation
from companion.store.database import Store
from companion.store.transcript import SqliteTranscript
from conversation_room import Room, open_room
from fakes import ObedientBackend
from full_home import NOW
from loopback_server import Exchange, LoopbackServer, good

REPLY = "Yes, “so” 🙂. And?"
PIECES = ("Yes, “", "so” 🙂", ". And?")


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


def fill_up(folder: Path, limit: int) -> None:
    """Write until nothing goes any more; no file may grow beyond ``limit`` bytes, if any."""
    path = folder / "companion.db"
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
    assert accepted
    assert told
    assert all("The disk that holds" in line and "nothing kept is lost" in line for line in told)
    for each in (folder / "backups").glob("*"):
        assert each.name.startswith("companion-")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT text FROM messages ORDER BY id").fetchall()
    assert [row[0] for row in rows] == [f"word {number} " * 40 for number in accepted]


@pytest.mark.parametrize("limit", [600_000, 1_000_000, 3_000_000])
def test_files_that_may_not_grow_are_told_and_nothing_is_lost(tmp_path: Path, limit: int) -> None:
    fill_up(tmp_path, limit)
    with closing(Store(tmp_path / "companion.db")) as store:
        SqliteTranscript(store).create_conversation("samantha", NOW)


@pytest.mark.parametrize("size", ["2m", "4m"])
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path, size: str) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        fill_up(tmp_path, -1)
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


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
        # May still read what is on the way to the program, wherever that lies.
        caps = [f"--{kind}-caps=+dac_read_search" for kind in ("inh", "ambient")]
        prefix = ["setpriv", "--reuid=65534", "--clear-groups", *caps]
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
    pieces = [{"content": each} for each in PIECES]
    events = [{"choices": [{"index": 0, "delta": delta}]} for delta in pieces]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    lines = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in events]
    body = b""
    for line in (*lines, "[DONE]"):
        data = f"data: {line}\n\n".encode()
        body += b"%x\r\n%s\r\n" % (len(data), data)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"


class Cut:
    """Answers with the first ``k`` bytes of a stream and hangs up."""

    def __init__(self) -> None:
        self.stream = write_stream()
        self.k = 0

    def __call__(self, exchange: Exchange) -> None:
        exchange._handler.wfile.write(self.stream[: self.k])
        exchange.cut()


async def test_the_line_is_cut_at_every_byte(tmp_path: Path) -> None:
    cut = Cut()
    wrong: list[tuple[int, Message]] = []
    with LoopbackServer(cut) as server:
        home = set_up(tmp_path / "home", server.base_url)
        backend = make_backend(read_installation({"COMPANION_HOME": str(home)}))
        room = open_room(tmp_path, cast(ObedientBackend, backend))
        for k in range(len(cut.stream) + 1):
            cut.k = k
            conversation = room.begin()
            events = [event async for event in conversation.take_turn(f"cut after {k}")]
            assert isinstance(events[-1], ReplyEnded)
            said, ended = await conversation.history()
            assert said.text == f"cut after {k}"
            whole = ended.status is Status.COMPLETE
            kept = ended.text == REPLY if whole else REPLY.startswith(ended.text) and ended.error
            answered = said.status is (Status.ANSWERED if whole else Status.UNANSWERED)
            if not (kept and answered):
                wrong.append((k, ended))
        await room.companion.close()
    assert wrong == []
    assert whole
