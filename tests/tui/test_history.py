import asyncio
import re

from companion.domain.model import TextDelta
from companion.tui.widgets.message_view import MessageView
from companion.tui.window import MOST
from conversation_room import Room
from tui.stage import Stage, fill, staged


def numbers(stage: Stage) -> list[int]:
    return [int(text.split()[-1]) for text in stage.shown if text.startswith("question")]


def words(screen: str) -> list[str]:
    return re.findall(r"(?:question|answer) \d+", screen)


async def look_back(stage: Stage, until: int) -> None:
    for _ in range(400):
        if until in numbers(stage):
            return
        stage.view.scroll_to(y=0, animate=False)
        await stage.pilot.pause()
        await stage.until(lambda: not stage.view._moving)
    raise AssertionError(numbers(stage))


async def test_a_long_conversation_is_mounted_in_part(room: Room) -> None:
    fill(room, 200)
    async with staged(room) as stage:
        assert len(stage.shown) <= 31
        assert numbers(stage)[-1] == 199
        assert "answer 199" in stage.on_screen()


async def test_scrolling_up_brings_the_beginning_and_lets_the_end_go(room: Room) -> None:
    fill(room, 100)
    async with staged(room) as stage:
        await look_back(stage, 0)
        await stage.until(lambda: len(stage.shown) <= MOST)
        assert 99 not in numbers(stage)
        assert numbers(stage) == list(range(numbers(stage)[0], numbers(stage)[-1] + 1))


def row_of(stage: Stage, text: str) -> int:
    return next(v.region.y for v in stage.view.query(MessageView) if v.message.text == text)


async def test_what_is_in_view_stays_where_it_is_when_older_messages_come(room: Room) -> None:
    fill(room, 100)
    async with staged(room) as stage:
        oldest, rows = numbers(stage)[0], [row_of(stage, "question 90")]
        while numbers(stage)[0] == oldest:
            stage.view.scroll_up(animate=False)
            await stage.pilot.pause()
            await stage.until(lambda: not stage.view._moving)
            rows.append(row_of(stage, "question 90"))
        assert rows == list(range(rows[0], rows[0] + len(rows)))


async def test_the_end_comes_back(room: Room) -> None:
    fill(room, 100)
    async with staged(room) as stage:
        await look_back(stage, 30)
        assert 99 not in numbers(stage)
        for _ in range(200):
            if 99 in numbers(stage):
                break
            await stage.pilot.press("pagedown")
            await stage.pilot.pause()
        assert 99 in numbers(stage)
        assert len(stage.shown) <= MOST


async def test_a_tall_screen_is_filled(room: Room) -> None:
    fill(room, 100)
    async with staged(room, size=(80, 100)) as stage:
        await stage.until(lambda: len(stage.shown) >= 45)
        assert "answer 99" in stage.on_screen()


async def test_ctrl_end_goes_to_the_newest(room: Room) -> None:
    fill(room, 100)
    async with staged(room) as stage:
        await look_back(stage, 30)
        await stage.pilot.press("ctrl+end")
        await stage.until(lambda: "answer 99" in stage.on_screen())


async def test_what_is_said_after_looking_back_is_seen(room: Room) -> None:
    fill(room, 100)
    async with staged(room) as stage:
        await look_back(stage, 30)
        await stage.say("here")
        await stage.until(lambda: "Hello there." in stage.on_screen())
        assert numbers(stage)[-1] == 99


async def test_her_reply_does_not_move_what_the_user_looks_at(room: Room) -> None:
    fill(room, 20)
    async with staged(room) as stage:
        more = asyncio.Event()
        room.backend.script = [TextDelta("first"), more, TextDelta("\n\nline" * 30)]
        await stage.say("hello")
        await stage.until(lambda: "first" in stage.on_screen())
        await stage.pilot.press("pageup")
        await stage.pilot.pause()
        before = words(stage.on_screen())
        more.set()
        await stage.until_silent()
        assert words(stage.on_screen()) == before
        assert "Ctrl+End" in stage.status
