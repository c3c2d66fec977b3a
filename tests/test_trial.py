"""Servers that keep their promises and servers that do not, tried over real HTTP."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from companion.backends.local import LocalBackend
from companion.cli.main import app
from companion.installation import make_backend, read_installation
from companion.local_model.catalogue import find_entry
from companion.local_model.engine import EmbeddedEngine
from companion.local_model.weights import Weights
from companion.trial import Finding, Trial
from llama_server import llama_server
from loopback_server import Behaviour, Exchange, LoopbackServer, listing, refused
from real_model import REAL_MODEL


def able(
    *,
    pieces: bool = True,
    form: str = '{"animal": "spider", "legs": 8}',
    counted: Callable[[int], int | None] = lambda words: words + 30,
    word: str = "marzipan",
) -> Behaviour:
    """A server that can do everything, or all but one thing."""

    def behave(exchange: Exchange) -> None:
        if exchange.request.path.endswith("/models"):
            return listing("m")(exchange)
        body = exchange.request.body
        question = body["messages"][-1]["content"]
        exchange.begin()
        text = f"It was {word} I think." if "word of the day" in question else "Grey and quiet."
        text = form if "response_format" in body else text
        if pieces:
            exchange.words(text)
        else:
            exchange.choice({"content": text})
        count = counted(len(question.split()))
        exchange.finish(None if count is None else {"prompt_tokens": count, "completion_tokens": 5})

    return behave


def home(tmp_path: Path, server: LoopbackServer, extra: str = "") -> dict[str, str]:
    folder = tmp_path / "config"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(
        f'backend = "near"\n[backends.near]\nkind = "openai"\nbase_url = "{server.base_url}"\n'
        f'model = "m"\nretries = 0\ncontext_tokens = 2048\n{extra}'
    )
    return {"COMPANION_HOME": str(tmp_path)}


async def find(
    tmp_path: Path, behave: Behaviour, extra: str = "", **changes: Any
) -> dict[str, Finding]:
    with LoopbackServer(behave) as server:
        installation = read_installation(home(tmp_path, server, extra))
        backend, held = (make_backend(installation, structured=held) for held in (False, True))
        try:
            trial = Trial(backend, held, **changes)
            return {each.check: each async for each in trial.run()}
        finally:
            await backend.close()
            await held.close()


async def test_an_able_server_passes_every_check(tmp_path: Path) -> None:
    found = await find(tmp_path, able())
    assert [each.ok for each in found.values()] == [True] * 6
    assert "set structured = true to use it" in found["structured"].says
    assert "it read all of" in found["context"].says
    used = await find(tmp_path, able(), "structured = true")
    assert used["structured"].says == "Held to a JSON schema."


async def test_as_much_is_sent_as_the_context_takes(tmp_path: Path) -> None:
    sizes = []

    def counted(words: int) -> int:
        sizes.append(words)
        return words

    await find(tmp_path, able(counted=counted))
    assert 900 < max(sizes) < 2048 - 400


@pytest.mark.parametrize(
    ("behave", "check", "told"),
    [
        (able(pieces=False), "streams", "came in one piece"),
        (able(form="Eight, I think."), "structured", "it answered: Eight, I think."),
        (able(form='{"animal": "cat", "legs": 8}'), "structured", "it answered: "),
        (able(counted=lambda words: min(words, 512)), "context", "words it read 512 tokens"),
    ],
    ids=["in one piece", "free text", "another form", "cut short"],
)
async def test_what_a_server_cannot_do_is_told(
    tmp_path: Path, behave: Behaviour, check: str, told: str
) -> None:
    found = await find(tmp_path, behave)
    assert found[check].ok is False
    assert told in found[check].says


@pytest.mark.parametrize(("word", "ok"), [("Marzipan,", True), ("bread", None)])
async def test_without_a_count_its_memory_tells(tmp_path: Path, word: str, ok: bool | None) -> None:
    found = await find(tmp_path, able(counted=lambda words: None, word=word))
    assert found["context"].ok is ok


async def test_a_context_that_is_refused(tmp_path: Path) -> None:
    complaint = {"error": {"message": "the request exceeds the available context size"}}

    def behave(exchange: Exchange) -> None:
        long = "word of the day" in str(exchange.request.body)
        (refused(400, complaint) if long else able())(exchange)

    found = await find(tmp_path, behave)
    assert found["context"].ok is False
    assert "more than m can read at once" in found["context"].says


async def test_a_server_that_goes_on_unheard(tmp_path: Path) -> None:
    """Its clock is ours: the reply after the one that was stopped comes half a minute late."""
    passed = 0.0

    def behave(exchange: Exchange) -> None:
        nonlocal passed
        if "Say hello." in str(exchange.request.body):
            passed += 30
        able()(exchange)

    found = await find(tmp_path, behave, clock=lambda: passed)
    assert found["stops"].ok is False
    assert "came 30.0 s later: the server seems to go on" in found["stops"].says


async def test_nothing_more_is_tried_where_nothing_answers(tmp_path: Path) -> None:
    found = await find(tmp_path, refused(500))
    assert list(found) == ["reachable"]
    (finding,) = found.values()
    assert finding.ok is False
    assert "near has trouble on its side" in finding.says


def command(environ: dict[str, str], *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["backends", "test", *arguments], env=environ)
    return result.exit_code, result.stdout


def test_the_command_tells_and_its_status_says_whether_all_is_well(tmp_path: Path) -> None:
    with LoopbackServer(able()) as server:
        environ = home(tmp_path, server)
        status, out = command(environ)
        assert status == 0
        assert [line.split()[:2] for line in out.splitlines()] == [
            ["ok", name]
            for name in ("reachable", "ready", "streams", "stops", "structured", "context")
        ]
        status, out = command(environ, "--quick", "--json")
        result = json.loads(out)
        assert [each["check"] for each in result["checks"]][-1] == "structured"
        assert (result["reply"], result["model"]) == ("Grey and quiet.", "m")
    with LoopbackServer(able(pieces=False)) as server:
        status, out = command(home(tmp_path, server))
        assert status == 1
        assert "NO  streams" in out


def test_a_script_cannot_be_held_to_a_form(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text(
        'backend = "script"\n[backends.script]\nkind = "scripted"\nreplies = ["Well, hello."]\n'
    )
    status, out = command({"COMPANION_HOME": str(tmp_path)})
    assert status == 0
    assert "--  structured" in out
    assert "--  context" in out


async def test_our_own_engine_passes_with_a_real_model(tmp_path: Path, real_models: Path) -> None:
    changes = {"structured": True, "context_tokens": 512, "reply_tokens": 40}
    entry = find_entry(REAL_MODEL).model_copy(update=changes)
    backend = LocalBackend("local", entry.id, EmbeddedEngine(entry, real_models, tmp_path / "log"))
    try:
        found = {each.check: each async for each in Trial(backend, backend).run()}
    finally:
        await backend.close()
    # How soon it stops is a matter of what else the machine does.
    found.pop("stops")
    assert {name: each.ok for name, each in found.items()} == dict.fromkeys(found, True), found
    assert list(found) == ["reachable", "ready", "streams", "structured", "context"]


def test_the_server_of_llama_cpp_passes(tmp_path: Path, real_models: Path) -> None:
    """``benchmarks/servers.py`` tries LiteLLM's proxy as well, which is large to install."""
    entry, key = find_entry(REAL_MODEL), "sk-near"
    with llama_server(Weights(entry, real_models).path, 2048, key) as address:
        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "settings.toml").write_text(
            f'backend = "near"\n[backends.near]\nkind = "openai"\nbase_url = "{address}/v1"\n'
            'model = "small"\napi_key_env = "NEAR_KEY"\ncontext_tokens = 512\nreply_tokens = 40\n'
        )
        environ = {"COMPANION_HOME": str(tmp_path), "NEAR_KEY": key}
        status, out = command(environ, "--json")
        found = {each["check"]: each for each in json.loads(out)["checks"]}
        assert command({**environ, "NEAR_KEY": "sk-wrong"})[0] == 1
    # How soon it stops is a matter of what else the machine does.
    stops = found.pop("stops")
    assert {name: each["ok"] for name, each in found.items()} == dict.fromkeys(found, True), found
    assert list(found) == ["reachable", "ready", "streams", "structured", "context"]
    assert status == (0 if stops["ok"] else 1)
