import sys

from textual._xterm_parser import XTermParser

from companion.tui.widgets.message_input import MessageInput
from conversation_room import Room
from tui.stage import fill, staged


async def test_enter_sends_and_ctrl_j_breaks_the_line(room: Room) -> None:
    async with staged(room) as stage:
        await stage.type("one\ntwo")
        assert stage.entry.text == "one\ntwo"
        await stage.pilot.press("enter")
        await stage.until_silent()
        assert (await stage.history())[1].text == "one\ntwo"


async def test_nothing_is_not_sent(room: Room) -> None:
    async with staged(room) as stage:
        await stage.say("  ")
        assert len(await stage.history()) == 1


async def test_up_brings_back_what_was_said_and_down_what_was_begun(room: Room) -> None:
    fill(room, 3)
    async with staged(room) as stage:
        await stage.type("begun")
        await stage.pilot.press("up")
        assert stage.entry.text == "question 2"
        await stage.pilot.press("up", "up", "up")
        assert stage.entry.text == "question 0"
        await stage.pilot.press("down")
        assert stage.entry.text == "question 1"
        await stage.pilot.press("down", "down")
        assert stage.entry.text == "begun"


async def test_up_moves_within_several_lines_first(room: Room) -> None:
    fill(room, 1)
    async with staged(room) as stage:
        await stage.type("one\ntwo")
        await stage.pilot.press("up")
        assert stage.entry.text == "one\ntwo"
        assert stage.entry.cursor_location[0] == 0


async def test_the_input_grows_and_then_scrolls(room: Room) -> None:
    async with staged(room) as stage:
        low = stage.entry.size.height
        await stage.type("\n" * 4)
        await stage.until(lambda: stage.entry.size.height == low + 4)
        await stage.type("\n" * 20)
        await stage.pilot.pause()
        assert stage.entry.outer_size.height == 10


def test_the_input_sees_alt_enter_as_a_line_break() -> None:
    assert MessageInput.__module__ in sys.modules
    keys = [event.key for event in XTermParser().feed("\x1b\r") if hasattr(event, "key")]
    assert keys == ["ctrl+j"]
