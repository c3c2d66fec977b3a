"""What every kind of backend promises, tried on every kind there is."""

import asyncio
import re
import sys
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, aclosing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from backends.loopback_engine import LoopbackEngine
from companion import backends
from companion.backends.kinds import Services, build_backend, known_kinds
from companion.domain.errors import SettingsError
from companion.domain.message import PromptMessage, Role
from companion.domain.model import ModelProfile, TextDelta, Usage
from companion.domain.preparation import Ready
from companion.protocols.model import Backend
from fakes import OpenDrawer
from loopback_server import LoopbackServer, good

TEXT = "Hello there, I am listening and I have all the time you need."
MESSAGES = [
    PromptMessage(Role.SYSTEM, "You listen."),
    PromptMessage(Role.USER, "It was a long day and I am glad that it is over."),
]
GUIDE = Path(__file__).parents[2] / "docs" / "adding-a-backend.md"


def _build(table: Mapping[str, object]) -> Backend:
    services = Services(
        {"LOOPBACK_KEY": "s3cret"},
        lambda model, threads, adapter: LoopbackEngine(["good", TEXT]),
        OpenDrawer(),
    )
    return build_backend("tested", table, services)


@contextmanager
def _openai() -> Iterator[Backend]:
    with LoopbackServer(good(TEXT)) as server:
        url = server.base_url
        yield _build(
            {"kind": "openai", "base_url": url, "model": "m", "api_key_env": "LOOPBACK_KEY"}
        )


@contextmanager
def _scripted() -> Iterator[Backend]:
    yield _build({"kind": "scripted", "replies": [TEXT, "And then?"]})


@contextmanager
def _local() -> Iterator[Backend]:
    yield _build({"kind": "local"})


@contextmanager
def _mirror() -> Iterator[Backend]:
    """The example of the guide, found like any other kind."""
    guide = GUIDE.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    table = tomllib.loads(re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)[-1])
    with TemporaryDirectory() as folder:
        (Path(folder) / "mirror.py").write_text(code, encoding="utf-8")
        backends.__path__.append(folder)
        try:
            yield _build(table["backends"]["echo"])
        finally:
            backends.__path__.remove(folder)
            sys.modules.pop("companion.backends.mirror", None)


CASES: dict[str, Callable[[], AbstractContextManager[Backend]]] = {
    "openai": _openai,
    "scripted": _scripted,
    "local": _local,
    "mirror": _mirror,
}


@pytest.fixture(params=CASES)
async def backend(request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    with CASES[request.param]() as built:
        yield built
        await built.close()


async def _reply(backend: Backend) -> str:
    parts = [part async for part in backend.stream_reply(MESSAGES)]
    return "".join(part.text for part in parts if isinstance(part, TextDelta))


def test_every_kind_is_tried() -> None:
    assert set(known_kinds()) <= set(CASES)


async def test_it_says_who_it_is(backend: Backend) -> None:
    assert backend.name == "tested"
    assert backend.model
    assert isinstance(backend.profile, ModelProfile)
    assert "s3cret" not in repr(backend) + repr(vars(backend))


async def test_it_gets_ready_without_fetching(backend: Backend) -> None:
    steps = [step async for step in backend.prepare(MESSAGES[:1])]
    assert isinstance(steps[-1], Ready)
    assert steps[-1].seconds >= 0
    assert [step async for step in backend.fetch()] == []


async def test_it_can_be_checked(backend: Backend) -> None:
    assert re.fullmatch(r".+\.", await backend.check())


async def test_it_replies_in_pieces_and_tells_the_cost_last(backend: Backend) -> None:
    parts = [part async for part in backend.stream_reply(MESSAGES)]
    pieces = [part for part in parts if isinstance(part, TextDelta)]
    assert len(pieces) > 1
    assert all(piece.text for piece in pieces)
    assert all(isinstance(part, Usage) for part in parts[len(pieces) :])


async def test_it_replies_again_and_again(backend: Backend) -> None:
    assert all([await _reply(backend) for _ in range(3)])


async def test_it_replies_to_two_at_once(backend: Backend) -> None:
    assert all(await asyncio.gather(_reply(backend), _reply(backend)))


async def test_it_can_be_interrupted(backend: Backend) -> None:
    async with aclosing(backend.stream_reply(MESSAGES)) as parts:
        assert isinstance(await anext(parts), TextDelta)
    assert await _reply(backend)


async def test_it_can_be_cancelled(backend: Backend) -> None:
    task = asyncio.create_task(_reply(backend))
    await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert await _reply(backend)


async def test_it_closes_twice_used_or_not(backend: Backend) -> None:
    await backend.close()
    await backend.close()


@pytest.mark.parametrize("kind", CASES)
def test_it_names_a_setting_that_it_does_not_know(kind: str) -> None:
    with CASES[kind](), pytest.raises(SettingsError) as caught:
        _build({"kind": kind, "colour": "blue"})
    assert "[backends.tested]" in str(caught.value)
    assert "\n" not in str(caught.value)
