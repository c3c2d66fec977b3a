"""The whole program with a real model: a conversation, a crash, a kill."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import psutil
import pytest

from companion.assembly import open_companion
from companion.domain.message import Status
from companion.domain.turn_events import ReplyEnded, ReplyRestarted, ReplyText, TurnEvent
from companion.installation import read_installation
from real_model import REAL_MODEL


@pytest.fixture
def home(tmp_path: Path, real_models: Path) -> Iterator[Path]:
    (tmp_path / "config").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data/models").symlink_to(real_models)
    (tmp_path / "config/settings.toml").write_text(
        f'[backends.local]\nkind = "local"\nmodel = "{REAL_MODEL}"\n'
    )
    yield tmp_path
    assert engines(psutil.Process()) == []


def engines(parent: psutil.Process) -> list[psutil.Process]:
    return [
        child
        for child in parent.children(recursive=True)
        if "companion.local_model.engine_process" in child.cmdline()
    ]


def environ(home: Path) -> dict[str, str]:
    return {**os.environ, "COMPANION_HOME": str(home)}


def say(home: Path, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "companion", "say", "--json", *arguments]
    run = subprocess.run(
        command, env=environ(home), capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    assert run.returncode == 0, run.stderr
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def test_two_turns_share_a_conversation(home: Path) -> None:
    first = say(home, "My dog is called Biscuit.")
    second = say(home, "--show-prompt", "What is my dog called?")
    assert first["model"] == second["model"] == REAL_MODEL
    assert first["reply"].strip()
    assert second["reply"].strip()
    assert second["conversation"] == first["conversation"]
    contents = [message["content"] for message in second["prompt"]]
    assert contents[-2:] == [first["reply"], "What is my dog called?"]
    assert second["timings"]["first_token"] > 0
    assert second["timings"]["tokens_per_second"] > 0


async def test_a_crash_of_the_model_loses_nothing(home: Path) -> None:
    companion = open_companion(read_installation(environ(home)))
    conversation = await companion.begin()
    events: list[TurnEvent] = []
    try:
        async with aclosing(conversation.take_turn("Tell me a long story.")) as turn:
            async for event in turn:
                if isinstance(event, ReplyText) and not any(
                    isinstance(earlier, ReplyText) for earlier in events
                ):
                    (engine,) = engines(psutil.Process())
                    engine.kill()
                events.append(event)
        assert any(isinstance(event, ReplyRestarted) for event in events)
        last = events[-1]
        assert isinstance(last, ReplyEnded)
        assert last.message.status is Status.COMPLETE
        assert [m.text for m in await conversation.history()][1] == "Tell me a long story."
    finally:
        await companion.close()


async def test_the_model_ends_with_us_even_if_we_are_killed(home: Path) -> None:
    command = [sys.executable, "-m", "companion", "say", "Tell me a very long story."]
    child = await asyncio.create_subprocess_exec(
        *command, env=environ(home), stdout=subprocess.PIPE
    )
    assert child.stdout
    await child.stdout.readexactly(1)
    (engine,) = engines(psutil.Process(child.pid))
    child.kill()
    await child.wait()
    async with asyncio.timeout(20):
        while engine.is_running() and engine.status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    companion = open_companion(read_installation(environ(home)))
    conversation = await companion.open_latest()
    assert conversation is not None
    question, reply = await conversation.history()
    assert question.text == "Tell me a very long story."
    assert reply.status is Status.INTERRUPTED
    await companion.close()
