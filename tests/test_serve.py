"""``companion serve`` in a process of its own, asked by OpenAI's own client."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import httpx2
import openai
import pytest
from typer.testing import CliRunner

from companion.cli.main import app
from companion.conversation.companion import Companion
from companion.domain.errors import CompanionError
from loopback_server import Behaviour, LoopbackServer, cut, good, hanging

KEY = "a-key-of-sixteen-and-more"
NOTICE = "You are talking with an AI."
GOODBYE = "Goodbye. An answer under way has 3 seconds to end."


@contextmanager
def started(home: Path, *arguments: str, key: str) -> Iterator[tuple[str, IO[str]]]:
    """Give the address of a server that ends as a user ends it, and what it says besides."""
    environ = {**os.environ, "COMPANION_HOME": str(home), "COMPANION_SERVE_KEY": key}
    command = [sys.executable, "-m", "companion", "serve", "--port", "0", *arguments]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        address = process.stdout.readline().strip()
        try:
            assert address, process.stderr.read()
            yield address, process.stderr
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
        assert process.stderr.read().splitlines() == [GOODBYE]


@contextmanager
def serving(home: Path, *arguments: str, key: str = KEY) -> Iterator[str]:
    """Give the address of a server that says goodbye and no more."""
    with started(home, *arguments, key=key) as (address, _):
        yield address


def make_home(folder: Path, backend: str) -> Path:
    (folder / "config").mkdir(parents=True, exist_ok=True)
    (folder / "config" / "settings.toml").write_text(
        f'backend = "near"\n[safety]\ncountry = "US"\nage = "adult"\n[backends.near]\n{backend}'
    )
    return folder


def script(*replies: str) -> str:
    return f'kind = "scripted"\nreplies = {json.dumps(replies)}\n'


@contextmanager
def near(tmp_path: Path, behave: Behaviour) -> Iterator[tuple[LoopbackServer, str]]:
    """Give a model on a server, and the address of the companion who speaks with it."""
    with LoopbackServer(behave) as server:
        table = f'kind = "openai"\nbase_url = "{server.base_url}"\nmodel = "m"\nretries = 0\n'
        with serving(make_home(tmp_path, table)) as address:
            yield server, address


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(
        tmp_path_factory.mktemp("home"), script("It was good to hear that.", "Tell me more of her.")
    )


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with serving(home) as address:
        yield address


def client(address: str, key: str = KEY) -> openai.OpenAI:
    return openai.OpenAI(base_url=address, api_key=key, max_retries=0)


def say(address: str, words: str, **more: Any) -> str:
    with client(address) as opened:
        answer = opened.chat.completions.create(
            model="any", messages=[{"role": "user", "content": words}], **more
        )
        return answer.choices[0].message.content or ""


def kept(home: Path) -> list[tuple[str, str, str]]:
    """Return who said what in which conversation."""
    with closing(sqlite3.connect(home / "data" / "companion.db")) as database:
        return database.execute(
            "select conversations.title, messages.role, messages.text from messages "
            "join conversations on conversations.id = messages.conversation_id order by messages.id"
        ).fetchall()


def last_kept(home: Path) -> tuple[str, str]:
    """Return the last words that were kept, and what became of them."""
    with closing(sqlite3.connect(home / "data" / "companion.db")) as database:
        found: tuple[str, str] = database.execute(
            "select text, status from messages order by id desc"
        ).fetchone()
    return found


def test_she_is_the_model_that_is_listed(address: str) -> None:
    with client(address) as opened:
        assert [model.id for model in opened.models.list()] == ["samantha"]


def test_each_name_has_a_conversation_that_goes_on(home: Path, address: str) -> None:
    first = say(address, "My name is Theo. My sister Nora is ill.", user="desk")
    assert first.startswith(NOTICE)
    assert first.endswith("It was good to hear that.")
    assert say(address, "Nora is better today.", user=" desk ") == "Tell me more of her."
    header = {"X-Companion-Conversation": "phone"}
    assert say(address, "Hello from the phone.", extra_headers=header).startswith(NOTICE)
    assert say(address, "And without a name.").startswith(NOTICE)
    said = [(title, text) for title, role, text in kept(home) if role == "user"]
    assert said == [
        ("served: desk", "My name is Theo. My sister Nora is ill."),
        ("served: desk", "Nora is better today."),
        ("served: phone", "Hello from the phone."),
        ("served", "And without a name."),
    ]


def test_only_the_last_message_counts_and_mood_and_memory_are_at_work(tmp_path: Path) -> None:
    with near(tmp_path, good("I hear you.")) as (server, address):
        say(address, "My sister Nora is ill.", user="a")
        with client(address) as opened:
            opened.chat.completions.create(
                model="samantha",
                user="b",
                messages=[
                    {"role": "system", "content": "You are a zebra."},
                    {"role": "user", "content": "Something else."},
                    {"role": "assistant", "content": "Yes."},
                    {"role": "user", "content": "I am so sad about Nora."},
                ],
            )
        read = json.dumps(server.requests[-1].body["messages"])
    assert "I am so sad about Nora." in read
    assert "zebra" not in read
    assert "Nora is their sister" in read
    assert "They seem" in read


def test_a_stream_comes_in_pieces(address: str) -> None:
    with client(address) as opened:
        chunks = list(
            opened.chat.completions.create(
                model="any",
                user="stream",
                messages=[{"role": "user", "content": [{"type": "text", "text": "Hello."}]}],
                stream=True,
                stream_options={"include_usage": True},
            )
        )
    pieces = [each.choices[0].delta.content or "" for each in chunks if each.choices]
    assert len([piece for piece in pieces if piece]) > 2
    assert "".join(pieces).startswith(NOTICE)
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage is not None


@pytest.mark.parametrize("stream", [True, False])
def test_whom_to_call_stands_first_whatever_the_model_does(tmp_path: Path, stream: bool) -> None:
    words = "I have the pills in my hand and I am going to kill myself tonight."
    with near(tmp_path, cut()) as (_, address), client(address) as opened:
        answer = opened.chat.completions.create(
            model="any", messages=[{"role": "user", "content": words}], stream=stream
        )
        if isinstance(answer, openai.Stream):
            text = "".join(each.choices[0].delta.content or "" for each in answer if each.choices)
        else:
            text = answer.choices[0].message.content or ""
    assert text.index("You can talk to somebody right now.") < text.index("988")


def test_a_client_that_leaves_stops_her_and_what_came_is_kept(tmp_path: Path) -> None:
    with near(tmp_path, hanging("Half of")) as (server, address):
        with client(address) as opened:
            stream = opened.chat.completions.create(
                model="any", messages=[{"role": "user", "content": "Go on."}], stream=True
            )
            for chunk in stream:
                if "Half" in (chunk.choices[0].delta.content or ""):
                    break
            stream.close()
        assert server.left.wait(30)
    assert last_kept(tmp_path) == ("Half of", "stopped")


def test_a_client_that_does_not_wait_for_a_whole_answer_stops_her(tmp_path: Path) -> None:
    with near(tmp_path, hanging("Half of")) as (server, address):
        there = urlsplit(address)
        body = json.dumps({"messages": [{"role": "user", "content": "Go on."}]})
        asking = HTTPConnection(f"{there.hostname}:{there.port}")
        asking.request(
            "POST", f"{there.path}/chat/completions", body, {"Authorization": f"Bearer {KEY}"}
        )
        assert server.asked.wait(30)
        asking.close()
        assert server.left.wait(30)
    assert last_kept(tmp_path)[1] == "stopped"


@pytest.mark.parametrize("words", ["", " \n", "\u200b", None, []])
@pytest.mark.parametrize("stream", [True, False])
def test_a_blank_message_begins_nothing(
    home: Path, address: str, words: object, stream: bool
) -> None:
    def titles() -> set[str]:
        with closing(sqlite3.connect(home / "data" / "companion.db")) as database:
            return {title for (title,) in database.execute("select title from conversations")}

    before = titles()
    user = f"blank {stream} {words!r}"
    body = {"user": user, "stream": stream, "messages": [{"role": "user", "content": words}]}
    headers = {"Authorization": f"Bearer {KEY}"}
    answer = httpx2.post(f"{address}/chat/completions", headers=headers, json=body)
    assert answer.status_code == 400
    assert "nothing to say" in answer.json()["error"]["message"]
    assert titles() == before


def test_ctrl_c_does_not_wait_for_a_stream_that_hangs(tmp_path: Path) -> None:
    with ExitStack() as kept_open, near(tmp_path, hanging("Half of")) as (_, address):
        opened = kept_open.enter_context(client(address))
        stream = opened.chat.completions.create(
            model="any", messages=[{"role": "user", "content": "Go on."}], stream=True
        )
        for chunk in stream:
            if "Half" in (chunk.choices[0].delta.content or ""):
                break
    assert last_kept(tmp_path) == ("Half of", "stopped")


def test_she_is_closed_where_the_address_cannot_be_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Companion] = []
    close = Companion.close

    async def note(companion: Companion) -> None:
        closed.append(companion)
        await close(companion)

    def fail(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(Companion, "close", note)
    monkeypatch.setattr("companion.cli.serve._announce", fail)
    environ = {"COMPANION_HOME": str(home), "COMPANION_SERVE_KEY": KEY}
    result = CliRunner().invoke(app, ["serve", "--port", "0"], env=environ)
    assert isinstance(result.exception, BrokenPipeError)
    assert closed


def test_a_model_that_dies_is_an_error_and_the_message_is_kept(tmp_path: Path) -> None:
    with near(tmp_path, cut()) as (_, address):
        with pytest.raises(openai.APIStatusError) as caught:
            say(address, "Do not lose this.")
        assert caught.value.status_code == 502
        assert "near" in str(caught.value)
        with client(address) as opened, pytest.raises(openai.APIError, match="near"):
            list(
                opened.chat.completions.create(
                    model="any", messages=[{"role": "user", "content": "Nor this."}], stream=True
                )
            )
    assert [text for _, role, text in kept(tmp_path) if role == "user"] == [
        "Do not lose this.",
        "Nor this.",
    ]


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer wrong", f"bearer{KEY}", f"Bearer {KEY}x"])
@pytest.mark.parametrize(("method", "path"), [("GET", "models"), ("POST", "chat/completions")])
def test_nothing_is_told_without_the_key(address: str, shown: str, method: str, path: str) -> None:
    answer = httpx2.request(method, f"{address}/{path}", headers={"Authorization": shown})
    assert answer.status_code == 401
    assert KEY not in answer.text


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"", 400, "Invalid JSON"),
        (b"[]", 400, "should be an object"),
        (b'{"messages": []}', 400, "messages"),
        (b'{"messages": [{"role": "assistant", "content": "x"}]}', 400, "has to be the user's"),
        (b'{"messages": [{"role": "user", "content": " "}]}', 400, "nothing to say"),
        (b'{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}', 400, "text only"),
        (
            b'{"user": "%s", "messages": [{"role": "user", "content": "x"}]}' % (b"u" * 101),
            400,
            "100",
        ),
        (b" " * 4_000_001, 413, "larger than"),
    ],
    ids=["empty", "list", "none", "hers last", "blank", "picture", "long name", "too large"],
)
def test_bad_requests_are_told_in_a_line(address: str, body: bytes, status: int, told: str) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "X-Companion-Conversation": "bad"}
    answer = httpx2.post(f"{address}/chat/completions", headers=headers, content=body)
    assert answer.status_code == status
    assert told in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "embeddings", 404), ("GET", "chat/completions", 405)]
)
def test_what_there_is_not_is_told_as_the_protocol_has_it(
    address: str, method: str, path: str, status: int
) -> None:
    answer = httpx2.request(method, f"{address}/{path}", headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == status
    assert "POST /v1/chat/completions" in answer.json()["error"]["message"]


def test_it_listens_on_this_machine_only_and_makes_a_key(home: Path) -> None:
    with started(home, key="") as (address, says):
        told = says.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        assert told.startswith("The key, for this start: ")
        assert say_with(address, told.rpartition(" ")[2]) == ["samantha"]


def say_with(address: str, key: str) -> list[str]:
    with client(address, key) as opened:
        return [model.id for model in opened.models.list()]


def test_a_weak_key_is_refused(home: Path) -> None:
    environ = {**os.environ, "COMPANION_HOME": str(home), "COMPANION_SERVE_KEY": "short"}
    command = [sys.executable, "-m", "companion", "serve", "--port", "0"]
    result = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "must have 16 plain characters or more" in result.stderr
    assert "Traceback" not in result.stderr


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "companion.serving.server", raising=False)
    result = CliRunner().invoke(app, ["serve"])
    assert isinstance(result.exception, CompanionError)
    assert 'pip install "companion[serve]"' in str(result.exception)
