import asyncio

from companion.domain.errors import ModelError
from companion.domain.preparation import Fetching
from companion.tui.widgets.model_card import (
    describe_progress,
    describe_seconds,
    describe_size,
    draw_bar,
)
from conversation_room import Room
from tui.stage import AbsentBackend, staged

HALF = Fetching(550_000_000, 1_100_000_000, 8_300_000.0, 66.0)


async def test_nothing_is_fetched_unasked(room: Room) -> None:
    room.mind.backend = backend = AbsentBackend()
    async with staged(room) as stage:
        await stage.until(lambda: "Small Model, 1.1 GB, Apache 2.0" in stage.on_screen())
        await stage.type("typing goes on")
        assert stage.entry.text == "typing goes on"
        assert not backend.here


async def test_the_model_is_fetched_with_progress_and_the_turn_goes_on(room: Room) -> None:
    pause = asyncio.Event()
    room.mind.backend = backend = AbsentBackend(pieces=[HALF, pause])
    async with staged(room) as stage:
        await stage.until(lambda: "Fetch it" in stage.on_screen())
        await stage.say("hello")
        await stage.until(lambda: "hello" in stage.shown)
        await stage.pilot.press("ctrl+f")
        await stage.until(lambda: "550 MB of 1.1 GB · 8.3 MB a second" in stage.on_screen())
        pause.set()
        await stage.until(lambda: stage.shown[-1] == "Hello there.")
        assert backend.here
        assert not stage.chat.query("#model-card")


async def test_a_broken_download_says_why_and_is_tried_again(room: Room) -> None:
    room.mind.backend = backend = AbsentBackend(pieces=[HALF, ModelError("The line broke.")])
    async with staged(room) as stage:
        await stage.until(lambda: "Fetch it" in stage.on_screen())
        await stage.pilot.press("ctrl+f")
        await stage.until(lambda: "The line broke." in stage.on_screen())
        await stage.pilot.press("ctrl+f")
        await stage.until(lambda: not stage.chat.query("#model-card"))
        assert backend.here


async def test_escape_pauses_and_then_refuses(room: Room) -> None:
    room.mind.backend = backend = AbsentBackend(pieces=[HALF, asyncio.Event()])
    async with staged(room) as stage:
        await stage.until(lambda: "Fetch it" in stage.on_screen())
        await stage.pilot.press("ctrl+f")
        await stage.until(lambda: "50%" in stage.on_screen())
        await stage.pilot.press("escape")
        await stage.until(lambda: "Whole pieces are kept" in stage.on_screen())
        await stage.pilot.press("escape")
        await stage.until(lambda: not stage.chat.query("#model-card"))
        assert not backend.here


async def test_who_says_no_is_asked_again_with_the_next_message_only(room: Room) -> None:
    room.mind.backend = AbsentBackend()
    async with staged(room) as stage:
        await stage.until(lambda: "Fetch it" in stage.on_screen())
        await stage.say("hello")
        await stage.until(lambda: "hello" in stage.shown)
        await stage.pilot.press("escape")
        await stage.until_silent()
        assert "not on this machine" in stage.shown[-1]
        await stage.pilot.press("ctrl+r")
        await stage.until(lambda: "Fetch it" in stage.on_screen())
        await stage.pilot.press("ctrl+f")
        await stage.until(lambda: stage.shown[-1] == "Hello there.")


def test_sizes_and_times_are_said_as_people_say_them() -> None:
    assert describe_size(1_117_000_000) == "1.1 GB"
    assert describe_size(412_000_000) == "412 MB"
    assert describe_seconds(40) == "40 s"
    assert describe_seconds(80) == "about 1 min"
    assert describe_seconds(7200) == "about 2 h"
    assert draw_bar(HALF).endswith(" 50%")
    assert describe_progress(Fetching(1, 2, None, None)) == "1 bytes of 2 bytes · Esc pauses"


async def test_another_answer_asked_for_while_the_card_is_up_freezes_nothing(room: Room) -> None:
    conversation = room.begin()
    async for _ in conversation.take_turn("hello"):
        pass
    room.mind.backend = AbsentBackend()
    async with staged(room) as stage:
        await stage.until(lambda: "Fetch it" in stage.on_screen())
        await stage.pilot.press("ctrl+r")
        await stage.pilot.press("escape")
        await stage.until(lambda: not stage.chat.query("#model-card"))
        await stage.type("still here")
        assert "still here" in stage.entry.text
