import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from companion.backends.local import LocalBackend
from companion.domain.errors import ModelError, ModelMissingError
from companion.domain.message import PromptMessage, Role
from companion.domain.model import TextDelta
from companion.domain.preparation import ModelNeeded
from companion.local_model.catalogue import find_entry
from companion.local_model.engine import EmbeddedEngine
from companion.protocols.model import LocalEngine
from real_model import PREFIX, REAL_MODEL, ask

ENTRY = find_entry(REAL_MODEL)


@pytest.fixture
async def engine(real_models: Path, tmp_path: Path) -> AsyncIterator[EmbeddedEngine]:
    engine = EmbeddedEngine(ENTRY, real_models, tmp_path / "log")
    yield engine
    await engine.stop()


def engine_processes(parent: int | None = None) -> list[psutil.Process]:
    """Return the engine processes that descend from ``parent``, by default from us."""
    children = psutil.Process(parent).children(recursive=True)
    return [
        child for child in children if "companion.local_model.engine_process" in child.cmdline()
    ]


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 (what we wait for is another process)
            await asyncio.sleep(0.01)


async def test_it_answers_on_loopback_behind_its_key(engine: EmbeddedEngine) -> None:
    seam: LocalEngine = engine
    address = await engine.start()
    assert seam.running
    assert address.base_url.startswith("http://127.0.0.1:")
    assert address.base_url.endswith("/v1")
    answer = await asyncio.to_thread(ask, address)
    assert answer["choices"][0]["message"]["content"]
    for key in ("", "guess"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            await asyncio.to_thread(ask, address, key)
        refused.value.close()
        assert refused.value.code == 401


async def test_it_can_be_held_to_a_form(real_models: Path, tmp_path: Path) -> None:
    entry = ENTRY.model_copy(update={"structured": True})
    backend = LocalBackend("local", entry.id, EmbeddedEngine(entry, real_models, tmp_path / "log"))
    names = {"feeling": {"enum": ["sad", "glad"]}}
    form = {"type": "object", "properties": names, "required": ["feeling"]}
    said = [PromptMessage(Role.USER, "How does one feel who lost a dog?")]
    try:
        parts = [part async for part in backend.stream_reply(said, form=form)]
    finally:
        await backend.close()
    answer = json.loads("".join(part.text for part in parts if isinstance(part, TextDelta)))
    assert answer["feeling"] in ("sad", "glad")


async def test_it_listens_nowhere_but_on_loopback(engine: EmbeddedEngine) -> None:
    await engine.start()
    (process,) = engine_processes()
    listening = [c for c in process.net_connections() if c.status == psutil.CONN_LISTEN]
    assert [c.laddr.ip for c in listening] == ["127.0.0.1"]


async def test_the_key_is_in_no_place_that_others_can_read(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    address = await engine.start()
    (process,) = engine_processes()
    seen = [*process.cmdline(), *process.environ().values(), (tmp_path / "log").read_text()]
    assert not [text for text in seen if address.api_key in text]


async def test_starting_at_once_from_two_sides_starts_one(engine: EmbeddedEngine) -> None:
    first, second = await asyncio.gather(engine.start(), engine.start())
    assert first == second
    assert len(engine_processes()) == 1


async def test_what_was_read_ahead_is_not_read_again(engine: EmbeddedEngine) -> None:
    address = await engine.start()
    await engine.warm(PREFIX)
    timings = (await asyncio.to_thread(ask, address))["timings"]
    assert timings["cache_n"] > 100
    assert timings["prompt_n"] < 30


async def test_what_was_read_ahead_is_there_at_the_next_start(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    await engine.start()
    await engine.warm(PREFIX)
    (kept,) = (tmp_path / "prefixes").iterdir()
    written = kept.stat().st_mtime_ns
    await engine.stop()
    address = await engine.start()
    await engine.warm(PREFIX)
    assert kept.stat().st_size > 0
    assert kept.stat().st_mtime_ns > written
    assert (await asyncio.to_thread(ask, address))["timings"]["cache_n"] > 100


async def test_a_broken_state_is_read_anew(engine: EmbeddedEngine, tmp_path: Path) -> None:
    await engine.start()
    await engine.warm(PREFIX)
    (kept,) = (tmp_path / "prefixes").iterdir()
    kept.write_bytes(b"not a state")
    await engine.stop()
    address = await engine.start()
    await engine.warm(PREFIX)
    assert (await asyncio.to_thread(ask, address))["timings"]["cache_n"] > 100
    assert kept.stat().st_size > 1000


async def test_only_a_few_states_are_kept(engine: EmbeddedEngine, tmp_path: Path) -> None:
    await engine.start()
    for number in range(6):
        await engine.warm([PromptMessage(Role.SYSTEM, f"Prefix {number}.")])
    assert len(list((tmp_path / "prefixes").iterdir())) == 4


async def test_a_read_ahead_that_was_given_up_does_not_disturb_the_next(
    engine: EmbeddedEngine,
) -> None:
    address = await engine.start()
    first = asyncio.create_task(engine.warm([PromptMessage(Role.USER, "Another thing. " * 100)]))
    await asyncio.sleep(0)
    first.cancel()
    await engine.warm(PREFIX)
    assert (await asyncio.to_thread(ask, address))["timings"]["cache_n"] > 100


async def test_a_prompt_that_cannot_be_read_ahead_is_no_failure(engine: EmbeddedEngine) -> None:
    await engine.warm(PREFIX)
    assert not engine.running
    address = await engine.start()
    await engine.warm([PromptMessage(Role.USER, "far too much " * 5000)])
    assert (await asyncio.to_thread(ask, address))["choices"]


async def test_a_crash_is_noticed_and_mended(engine: EmbeddedEngine) -> None:
    first = await engine.start()
    warming = asyncio.create_task(engine.warm(PREFIX))
    engine_processes()[0].kill()
    await until(lambda: not engine.running)
    await warming
    second = await engine.start()
    assert engine.running
    assert second.api_key != first.api_key
    assert (await asyncio.to_thread(ask, second))["choices"]


async def test_stopping_twice_leaves_no_process(engine: EmbeddedEngine) -> None:
    await engine.start()
    await engine.stop()
    await engine.stop()
    assert not engine.running
    assert engine_processes() == []


async def test_giving_up_a_start_leaves_no_process(engine: EmbeddedEngine) -> None:
    starting = asyncio.create_task(engine.start())
    await until(engine_processes)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert engine_processes() == []


PARENT = """
import asyncio, sys
from pathlib import Path
from companion.local_model.catalogue import find_entry
from companion.local_model.engine import EmbeddedEngine

async def main():
    engine = EmbeddedEngine(find_entry(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
    await engine.start()
    sys.stdout.write("up\\n")
    sys.stdout.flush()
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_however_we_end_the_engine_ends_too(
    how: signal.Signals, real_models: Path, tmp_path: Path
) -> None:
    arguments = [PARENT, REAL_MODEL, str(real_models), str(tmp_path / "log")]
    with subprocess.Popen(
        [sys.executable, "-c", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "up\n"
        engines = engine_processes(parent.pid)
        assert len(engines) == 1
        os.kill(parent.pid, how)
    ended, still_there = psutil.wait_procs(engines, timeout=30)
    assert (ended, still_there) == (engines, [])


@pytest.mark.parametrize("part", [0, 1000, 50_000_000])
async def test_a_broken_file_is_told_in_one_line(
    part: int, real_models: Path, tmp_path: Path
) -> None:
    whole = (real_models / f"{REAL_MODEL}.gguf").read_bytes()
    broken = whole[:part] or b"not a model at all"
    (tmp_path / f"{REAL_MODEL}.gguf").write_bytes(broken)
    entry = ENTRY.model_copy(update={"size_bytes": len(broken)})
    engine = EmbeddedEngine(entry, tmp_path, tmp_path / "log")
    with pytest.raises(ModelError) as told:
        await engine.start()
    assert str(told.value) == (
        f"The file of {REAL_MODEL} does not load. Fetch it again: "
        f"companion models remove {REAL_MODEL} && companion models pull {REAL_MODEL}"
    )
    assert not engine.running
    assert engine_processes() == []


async def test_without_the_engine_another_backend_is_named(
    real_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "xllamacpp.py").write_text("raise ImportError('no wheel for this machine')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ModelError, match=r"not installed here\..*companion backends use NAME"):
        await EmbeddedEngine(ENTRY, real_models, tmp_path / "log").start()


async def test_a_model_that_is_not_here_is_named_before_anything_starts(tmp_path: Path) -> None:
    engine = EmbeddedEngine(ENTRY, tmp_path / "models", tmp_path / "log")
    assert isinstance(engine.missing(), ModelNeeded)
    with pytest.raises(ModelMissingError, match=f"companion models pull {REAL_MODEL}"):
        await engine.start()
