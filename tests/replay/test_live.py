"""Live replays: what a dying model leaves, and how a run goes on."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import session_stage
from companion.assembly import open_exchange
from companion.backends.cassette import Cassette
from companion.installation import read_installation
from companion.portable.chat_formats import read_sessions
from companion.replay.batch import Job, Place
from companion.replay.comparison import NOTHING, ComparedSession
from companion.replay.live import LiveRun, Mind
from loopback_server import LoopbackServer, cut, good


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return session_stage.record(tmp_path_factory.mktemp("talk"))


def use(talk: Path, server: LoopbackServer) -> None:
    settings = talk.parent / "home" / "config" / "settings.toml"
    given = settings.read_text().partition("\n[backends.server]")[0]
    settings.write_text(
        f'{given}\n[backends.server]\nkind = "openai"\nbase_url = "{server.base_url}"\n'
        'model = "m"\nretries = 0\n'
    )


def run(talk: Path, *, seed: int | None = None, freely: bool = False) -> ComparedSession:
    place = Place({"COMPANION_HOME": str(talk.parent / "home")})
    (session,) = read_sessions(talk)
    mind = Mind("server", "server", seed=seed, freely=freely)
    (compared,) = asyncio.run(LiveRun(place, mind, [Job(talk.name, session)]).compare())
    return compared


def replies(compared: ComparedSession) -> list[str]:
    return [turn.played.reply.text for turn in compared.turns if turn.played.reply]


def kept(talk: Path) -> list[Path]:
    return list((talk.parent / "home" / "cache" / "replays").glob("*.jsonl"))


def test_each_turn_sees_what_was_recorded(talk: Path) -> None:
    with LoopbackServer(good("A zebra.")) as server:
        use(talk, server)
        compared = run(talk)
        asked = [request.body["messages"] for request in server.requests]
    assert replies(compared) == ["A zebra."] * 4
    assert NOTHING.passes([compared])
    (recorded,) = read_sessions(talk)
    for turn, messages in zip(recorded.turns, asked, strict=True):
        assert "zebra" not in json.dumps(messages)
        assert turn.messages
        assert [each["content"] for each in messages] == [m.content for m in turn.messages]


def test_freely_each_turn_sees_what_was_answered_now(talk: Path) -> None:
    with LoopbackServer(good("A zebra.")) as server:
        use(talk, server)
        run(talk, freely=True)
        asked = [json.dumps(request.body["messages"]) for request in server.requests]
    assert [messages.count("A zebra.") for messages in asked] == [0, 1, 2, 3]


def test_a_seed_goes_to_the_server(talk: Path) -> None:
    with LoopbackServer(good("Hello.")) as server:
        use(talk, server)
        run(talk, seed=7)
        assert {request.body["seed"] for request in server.requests} == {7}


def test_a_run_goes_on_where_the_model_died(talk: Path) -> None:
    with LoopbackServer(good("First."), good("Second."), cut("Thi"), good("Later.")) as server:
        use(talk, server)
        compared = run(talk)
        assert compared.problem.startswith("Turn 3 was not answered:")
        assert "Run it again to go on from there." in compared.problem
        assert compared.missing == 1
        assert not NOTHING.passes([compared])
        assert len(kept(talk)) == 1
        before = len(server.requests)
        again = run(talk)
        assert len(server.requests) - before == 2
    assert replies(again) == ["First.", "Second.", "Later.", "Later."]
    assert NOTHING.passes([again])
    assert kept(talk) == []


def test_what_a_killed_replay_left_is_cleared(talk: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as gone:
        gone.wait()
    replays = talk.parent / "home" / "cache" / "replays"
    left, used = replays / f"playing-{gone.pid}-x", replays / f"playing-{os.getppid()}-x"
    for folder in (left, used):
        folder.mkdir(parents=True)
        (folder / "companion.db").write_text("My sister Nora")
    with LoopbackServer(good("Hello.")) as server:
        use(talk, server)
        run(talk)
    assert list(replays.iterdir()) == [used]
    with open_exchange(read_installation({"COMPANION_HOME": str(talk.parent / "home")})) as opened:
        (replays / "1.jsonl").write_text("My sister Nora")
        (replays / "1.jsonl").chmod(0o644)
        read_installation({"COMPANION_HOME": str(talk.parent / "home")})
        assert (replays / "1.jsonl").stat().st_mode & 0o777 == 0o600
        opened.eraser.erase_everything()
    assert list(replays.iterdir()) == []


def test_a_cassette_repeats_a_run_without_its_server(
    talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZEBRA_KEY", "secret-zebra-key")
    place = Place({"COMPANION_HOME": str(talk.parent / "home"), "ZEBRA_KEY": "secret-zebra-key"})
    (session,) = read_sessions(talk)
    tape = tmp_path / "cassette.jsonl"

    def play(*, plays: bool) -> ComparedSession:
        cassette = Cassette(tape, plays=plays)
        mind = Mind("server", "server")
        live = LiveRun(place, mind, [Job(talk.name, session)], cassette=cassette)
        return asyncio.run(live.compare())[0]

    with LoopbackServer(good("One."), good("Two, naïve."), good("Three."), good("Four.")) as server:
        use(talk, server)
        settings = talk.parent / "home" / "config" / "settings.toml"
        settings.write_text(settings.read_text() + 'api_key_env = "ZEBRA_KEY"\n')
        recorded = play(plays=False)
    assert replies(recorded) == ["One.", "Two, naïve.", "Three.", "Four."]
    assert "zebra" not in tape.read_text()
    assert tape.stat().st_mode & 0o777 == 0o600
    assert replies(play(plays=True)) == replies(recorded)
    tape.write_text("".join(tape.read_text().splitlines(keepends=True)[:1]))
    assert "is not on the cassette" in play(plays=True).problem
