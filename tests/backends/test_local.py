"""The embedded engine: getting ready, dying, and being brought back."""

import pytest

from backends.loopback_engine import LoopbackEndpoint, LoopbackEngine
from companion.backends.local import LocalBackend
from companion.domain.errors import BackendError, ModelError, ModelMissingError
from companion.domain.message import PromptMessage, Role
from companion.domain.model import ReplyPart, Restarted, TextDelta
from companion.domain.preparation import Loading, ModelNeeded, Ready, Warming

ASK = [PromptMessage(Role.USER, "Hello?")]
NEEDED = ModelNeeded("small", "Small", 1_000_000, "Apache-2.0")
HALF, WHOLE = ["hanging", "I was about to"], ["good", "Hello again."]


async def test_getting_ready_loads_and_reads_ahead() -> None:
    engine = LoopbackEngine(WHOLE)
    backend = LocalBackend("home", "small", engine)
    steps = [step async for step in backend.prepare(ASK)]
    await backend.close()
    assert [type(step) for step in steps] == [Loading, Warming, Ready]
    assert engine.warmed == ASK


async def test_a_model_that_is_not_here_is_asked_for_and_nothing_is_started() -> None:
    engine = LoopbackEngine(WHOLE, needed=NEEDED)
    backend = LocalBackend("home", "small", engine)
    assert [step async for step in backend.prepare(ASK)] == [NEEDED]
    assert engine.starts == 0
    assert [step async for step in backend.fetch()] == []
    assert engine.needed is None


async def test_the_request_is_what_the_catalogue_says() -> None:
    line = LocalBackend("home", "small", LoopbackEngine(WHOLE))._dial(LoopbackEndpoint("http://x"))
    assert line.profile.extra == {"top_k": 40, "cache_prompt": True}


async def talk(engine: LoopbackEngine, kills: int) -> list[ReplyPart]:
    """Hear a reply, with the engine killed in the middle of it as often as asked."""
    backend, heard = LocalBackend("home", "small", engine), list[ReplyPart]()
    try:
        async for part in backend.stream_reply(ASK):
            heard.append(part)
            if isinstance(part, TextDelta) and part.text.strip() == "to" and kills:
                kills -= 1
                engine.kill()
    finally:
        await backend.close()
    return heard


async def test_an_engine_that_dies_is_started_again_and_answers_once_more() -> None:
    engine = LoopbackEngine(HALF, WHOLE)
    heard = await talk(engine, kills=1)
    (restart,) = (index for index, part in enumerate(heard) if isinstance(part, Restarted))
    assert "started it again" in str(heard[restart])
    again = [part.text for part in heard[restart:] if isinstance(part, TextDelta)]
    assert "".join(again).strip() == "Hello again."
    assert engine.starts == 2


async def test_an_engine_that_dies_twice_is_given_up() -> None:
    engine = LoopbackEngine(HALF)
    with pytest.raises(BackendError, match="stopped twice"):
        await talk(engine, kills=2)
    assert engine.starts == 2


async def test_an_engine_that_died_between_two_turns_is_started_without_a_word() -> None:
    engine = LoopbackEngine(WHOLE)
    backend = LocalBackend("home", "small", engine)
    for _ in range(2):
        heard = [part async for part in backend.stream_reply(ASK)]
        assert not any(isinstance(part, Restarted) for part in heard)
        engine.kill()
        while engine.running:
            pass
    await backend.close()
    assert engine.starts == 2


async def test_a_broken_reply_of_a_living_engine_is_no_death() -> None:
    engine = LoopbackEngine(["cut", "I was about to"])
    with pytest.raises(BackendError, match="broke off in the middle"):
        await talk(engine, kills=0)
    assert engine.starts == 1


async def test_a_check_looks_for_the_weights_and_starts_nothing() -> None:
    engine = LoopbackEngine(WHOLE, needed=NEEDED)
    backend = LocalBackend("home", "small", engine)
    with pytest.raises(ModelMissingError, match="companion models pull small"):
        await backend.check()
    engine.needed = None
    assert await backend.check() == "small is on this machine."
    assert engine.starts == 0


class Unwilling(LoopbackEngine):
    """An engine that cannot start."""

    def __init__(self, error: ModelError) -> None:
        super().__init__(WHOLE)
        self._error = error

    async def start(self) -> LoopbackEndpoint:
        raise self._error


async def test_a_missing_model_is_told_as_such_and_a_broken_one_as_a_failure() -> None:
    for error, kind in (
        (ModelMissingError("The model is not here."), ModelMissingError),
        (ModelError("The model does not load."), BackendError),
    ):
        backend = LocalBackend("home", "small", Unwilling(error))
        with pytest.raises(kind, match=str(error)):
            [part async for part in backend.stream_reply(ASK)]
        await backend.close()
