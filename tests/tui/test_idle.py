"""She thinks when it is quiet, and never while the user types or waits."""

import asyncio

import pytest

from companion.conversation.engine import Conversation
from companion.domain.model import ModelProfile, TextDelta
from companion.prompting.thinking import NOTICING_FORM
from companion.tui import idle
from conversation_room import Room
from tui.stage import Stage, fill, staged


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "QUIET_SECONDS", 0.01)


def thinks(stage: Stage) -> bool:
    return any(worker.group == "think" for worker in stage.chat.workers)


@pytest.fixture
def able(room: Room) -> Room:
    room.backend.profile = ModelProfile(structured=True)
    fill(room, 4)
    return room


async def test_she_thinks_once_it_is_quiet(able: Room) -> None:
    able.backend.second_script = [TextDelta('{"memories": []}')]
    async with staged(able) as stage:
        await stage.say("hello")
        await stage.until(lambda: NOTICING_FORM in able.backend.forms)
        await stage.until(lambda: not thinks(stage))
        assert able.mind.memory.shelf.unthought(9) == []
        assert stage.status == ""


async def test_typing_stops_it(able: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    able.backend.second_script = [asyncio.Event()]
    async with staged(able) as stage:
        await stage.say("hello")
        await stage.until(lambda: NOTICING_FORM in able.backend.forms)
        monkeypatch.setattr(idle, "QUIET_SECONDS", 1000.0)
        await stage.type("a")
        await stage.until(lambda: not thinks(stage))
        assert len(able.mind.memory.shelf.unthought(9)) == 5
        monkeypatch.setattr(idle, "QUIET_SECONDS", 0.01)
        able.backend.second_script = [TextDelta('{"memories": []}')]
        await stage.type("b")
        await stage.until(lambda: able.backend.forms.count(NOTICING_FORM) == 2)


async def test_another_conversation_ends_what_is_made_of_the_last_turn(
    able: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def reflect(_: Conversation) -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Conversation, "reflect", reflect)
    async with staged(able) as stage:
        await stage.say("hello")
        await stage.until(begun.is_set)
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: "hello" not in stage.shown)
        assert not any(worker.group == "reflect" for worker in stage.chat.workers)


async def test_the_next_message_stops_it(able: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    able.backend.second_script = [asyncio.Event()]
    async with staged(able) as stage:
        await stage.say("hello")
        await stage.until(lambda: NOTICING_FORM in able.backend.forms)
        monkeypatch.setattr(idle, "QUIET_SECONDS", 1000.0)
        able.backend.second_script = [TextDelta("Go on.")]
        await stage.say("and then")
        await stage.until_silent()
        assert not thinks(stage)
        assert able.backend.forms[-1] is None
        assert (await stage.history())[-1].text == "Go on."
