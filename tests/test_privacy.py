"""Files are the user's alone, keys are nowhere, and nothing goes anywhere but to the backend."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.test_cli import fail, run, succeed
from companion.domain.errors import StoreError
from companion.store import ownership
from loopback_server import Behaviour, Exchange, LoopbackServer, good

KEY = "sk-marked-5e55f00d"
REPLY = "I am glad that you told me."


def set_up(home: Path, base_url: str) -> Path:
    (home / "config").mkdir(parents=True)
    (home / "config/settings.toml").write_text(
        f'backend = "near"\n[backends.near]\nkind = "openai"\nmodel = "m"\n'
        f'base_url = "{base_url}"\napi_key_env = "NEAR_KEY"\nretries = 0\n'
        '[safety]\nage = "adult"\n'
    )
    return home


def modes(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): oct(path.stat().st_mode & 0o777)
        for path in home.rglob("*")
        if path.relative_to(home).parts[:2] != ("cache", "matplotlib")
    }


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer(good(REPLY)) as server:
        yield server


def test_everything_is_private_from_the_first_word_on(
    server: LoopbackServer, tmp_path: Path
) -> None:
    home = set_up(tmp_path / "home", server.base_url)
    run(home, "say", "I live in Lisbon", environ={"NEAR_KEY": KEY})
    run(home, "backup")
    found = modes(home)
    assert found.pop("data/companion.db") == "0o600"
    for name, mode in found.items():
        assert mode == ("0o700" if (home / name).is_dir() else "0o600"), name
    assert "data/backups" in found


def test_rights_of_others_are_taken_away_at_the_next_start(
    server: LoopbackServer, tmp_path: Path
) -> None:
    home = set_up(tmp_path / "home", server.base_url)
    run(home, "say", "hello", environ={"NEAR_KEY": KEY})
    for path in home.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)
    succeed(home, "history")
    found = modes(home)
    for name in ("config", "data", "cache", "data/backups"):
        assert found.get(name, "0o700") == "0o700", name
    assert found["data/companion.db"] == found["config/settings.toml"] == "0o600"


def test_what_is_read_only_stays_so(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch(0o444)
    file.chmod(0o444)
    ownership.keep_to_user([file, tmp_path / "not there"])
    assert file.stat().st_mode & 0o777 == 0o400


def test_what_a_link_leads_to_is_left_alone(tmp_path: Path) -> None:
    mine, folder = tmp_path / "mine.toml", tmp_path / "config"
    mine.touch()
    mine.chmod(0o644)
    folder.mkdir()
    (folder / "settings.toml").symlink_to(mine)
    ownership.keep_to_user([folder])
    assert mine.stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("place", ["data", "data/companion.db", "config/settings.toml"])
def test_files_of_somebody_else_are_refused(
    server: LoopbackServer, tmp_path: Path, place: str
) -> None:
    home = set_up(tmp_path / "home", server.base_url)
    run(home, "say", "hello", environ={"NEAR_KEY": KEY})
    os.chown(home / place, 4242, 4242)
    told = fail(home, "say", "hello again")
    assert told.count("\n") == 1
    assert "belongs to somebody else" in told
    assert str(home / place) in told


def test_somebody_else_is_known_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(StoreError, match="belongs to somebody else"):
        ownership.keep_to_user([tmp_path])


def echo_key(exchange: Exchange) -> None:
    """Refuse as careless servers do: with the key in the answer."""
    sent = exchange.request.headers.get("authorization", "")
    exchange.refuse(401, {"error": {"message": f"Incorrect API key provided: {sent}"}})


def break_off(exchange: Exchange) -> None:
    exchange.begin()
    exchange.words("Half")
    exchange.cut()


COMMANDS = (
    ("say", "--json", "--show-prompt", "I live in Lisbon and my key is secret"),
    ("backends", "list", "--json"),
    ("backends", "test", "near", "--json"),
    ("doctor", "--json"),
    ("history", "show", "1", "--json"),
    ("export", "--to", "-"),
    ("backup", "--json"),
    ("models", "list", "--json"),
    ("mood", "--json"),
    ("--help",),
)


@pytest.mark.parametrize(
    ("behave", "key", "commands"),
    [
        (good(REPLY), KEY, COMMANDS),
        (echo_key, KEY, COMMANDS[:4]),
        (break_off, KEY, COMMANDS[:1]),
        (good(REPLY), f"{KEY}\nbroken", COMMANDS[:3]),
        (good(REPLY), f"{KEY}-ä", COMMANDS[:1]),
    ],
    ids=["good", "echoed", "cut", "two lines", "accent"],
)
def test_a_key_is_never_written_down(
    tmp_path: Path, behave: Behaviour, key: str, commands: tuple[tuple[str, ...], ...]
) -> None:
    with LoopbackServer(behave) as server:
        home = set_up(tmp_path / "home", server.base_url)
        said = ""
        for command in commands:
            result = run(home, *command, environ={"NEAR_KEY": key})
            said += result.stdout + result.stderr
        sent = any(KEY in each.headers.get("authorization", "") for each in server.requests)
    assert sent == (key == KEY)
    assert KEY not in said
    for path in home.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes(), path


WATCHED = """
import asyncio, json, os, sys
from pathlib import Path
seen = []

def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        seen.append(repr(arguments[1]))
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        seen.append(repr(arguments[0]))

sys.addaudithook(watch)
from companion.__main__ import main
from companion.assembly import open_companion
from companion.installation import read_installation
from companion.tui.app import CompanionApp
from companion.tui.widgets.message_input import MessageInput

def command(*words):
    sys.argv = ["companion", *words]
    try:
        main()
    except SystemExit:
        pass

async def chat():
    app = CompanionApp(lambda: open_companion(read_installation()), theme="dark")
    async with app.run_test() as pilot:
        talk = app.screen_stack[0].talk
        while talk.conversation is None:
            await asyncio.sleep(0.01)
        app.screen.query_one(MessageInput).insert("Ada is ill. Do you remember?")
        await pilot.press("enter")
        while True:
            await asyncio.sleep(0.05)
            last = (await talk.conversation.history(limit=1))[0]
            if last.status == "complete" and last.depth > 1 and not talk.talking:
                break
        await pilot.press("f5", "escape", "f2", "escape", "f6", "escape", "f9")
        await app.workers.wait_for_complete()

command("say", "I live in Lisbon")
asyncio.run(chat())
out = os.environ["COMPANION_HOME"] + "/out"
for line in (
    "memory list", "memory recall where", "mood", "backup", f"export --to {out}", "doctor",
    "models list", "safety helplines", "persona list", "memory erase --everything --yes",
):
    words = line.split(" ")
    command(*words)
print("SEEN " + json.dumps(sorted(set(seen))))
"""


def test_nothing_is_sent_anywhere_but_to_the_chosen_backend(
    server: LoopbackServer, tmp_path: Path
) -> None:
    home = set_up(tmp_path / "home", server.base_url)
    result = subprocess.run(
        [sys.executable, "-c", WATCHED],
        env={**os.environ, "COMPANION_HOME": str(home), "NEAR_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    seen = json.loads(result.stdout.rpartition("SEEN ")[2])
    port = server.base_url.rpartition(":")[2].removesuffix("/v1")
    assert seen
    for address in seen:
        assert address == "'127.0.0.1'" or address == f"('127.0.0.1', {port})", seen
    assert any(port in each for each in seen)
    assert server.requests
