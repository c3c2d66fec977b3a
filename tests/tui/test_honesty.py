"""The user is told that she is software: at the start, by the clock, and on every screen."""

from datetime import timedelta
from pathlib import Path

import pytest

from companion.domain.disclosure import AgeGroup
from companion.tui.screens.age import AgeScreen
from conversation_room import Room, open_room
from tui.stage import Stage, staged

_FIRST = "You are talking with an AI. Samantha is software, not a person"
_AGAIN = "A reminder: you are talking with an AI."


def told(stage: Stage, words: str) -> int:
    return sum(" ".join(each.split()).startswith(words) for each in stage.notices)


def words(stage: Stage) -> list[str]:
    """Return the upper lines without the scrollbar, which may move."""
    return [line[:38].rstrip() for line in stage.on_screen().splitlines()[:10]]


@pytest.mark.parametrize("size", [(80, 24), (40, 15), (30, 10)])
async def test_the_mark_and_the_notice_are_there_at_every_size(
    room: Room, size: tuple[int, int]
) -> None:
    async with staged(room, size=size) as stage:
        assert stage.on_screen().lstrip().startswith("AI  Samantha")
        assert told(stage, _FIRST) == 1
        await stage.say("hello")
        await stage.until_silent()
        assert stage.on_screen().lstrip().startswith("AI  Samantha")


async def test_she_says_it_every_three_hours_of_a_day_that_never_ends(room: Room) -> None:
    async with staged(room) as stage:
        for _ in range(24 * 60):
            room.clock.advance(timedelta(minutes=1))
            await stage.chat.honesty.check()
        assert told(stage, _AGAIN) == 8


async def test_it_is_said_before_the_words_that_come_after_a_night_of_sleep(room: Room) -> None:
    async with staged(room) as stage:
        room.clock.advance(timedelta(hours=9))
        await stage.say("good morning")
        await stage.until_silent()
        assert told(stage, _AGAIN) == 1
        assert stage.view.messages[-2].text == "good morning"


async def test_no_model_reads_it_and_nobody_keeps_it(room: Room) -> None:
    async with staged(room) as stage:
        room.clock.advance(timedelta(hours=4))
        await stage.say("hello")
        await stage.until_silent()
        assert told(stage, _AGAIN) == 1
        asked = " ".join(each.content for prompt in room.backend.asked for each in prompt)
        assert "with an AI" not in asked
        kept = " ".join(each.text for each in await stage.history())
        assert "with an AI" not in kept


async def test_nothing_moves_for_somebody_who_reads_above(room: Room) -> None:
    async with staged(room, size=(40, 15)) as stage:
        for number in range(6):
            await stage.say(f"number {number}\nand more\nand more")
            await stage.until_silent()
        await stage.pilot.press("pageup")
        await stage.pilot.pause()
        lines = words(stage)
        room.clock.advance(timedelta(hours=3))
        await stage.chat.honesty.check()
        await stage.pilot.pause()
        assert words(stage) == lines
        assert stage.status.startswith(_AGAIN)


async def test_a_reply_that_is_still_coming_is_not_torn_apart(room: Room) -> None:
    async with staged(room) as stage:
        await stage.say("hello")
        room.clock.advance(timedelta(hours=3))
        await stage.chat.honesty.check()
        await stage.until_silent()
        assert told(stage, _AGAIN) == 1
        assert stage.shown[-1] == "Hello there."


async def test_a_minor_hears_it_every_hour_with_a_break(tmp_path: Path) -> None:
    room = open_room(tmp_path, age=AgeGroup.MINOR)
    async with staged(room) as stage:
        for _ in range(180):
            room.clock.advance(timedelta(minutes=1))
            await stage.chat.honesty.check()
        assert told(stage, _AGAIN) == 3
        assert "break" in stage.notices[-1]


async def test_the_age_is_asked_once(tmp_path: Path) -> None:
    room = open_room(tmp_path, age=AgeGroup.UNASKED)
    async with staged(room) as stage:
        assert isinstance(stage.app.screen, AgeScreen)
        assert "some minors" in " ".join(stage.notices[0].split())
        await stage.pilot.press("enter")
        assert isinstance(stage.app.screen, AgeScreen)
        await stage.pilot.press("down", "down", "enter")
        await stage.until(lambda: room.ages == [AgeGroup.MINOR])
        assert room.companion.disclosure.minor
        assert stage.entry.has_focus


async def test_the_question_can_be_skipped_and_does_not_come_back(tmp_path: Path) -> None:
    room = open_room(tmp_path, age=AgeGroup.UNASKED)
    async with staged(room, size=(40, 15)) as stage:
        assert "Esc skips" in stage.on_screen()
        await stage.pilot.press("escape")
        await stage.until(lambda: room.ages == [AgeGroup.UNSAID])
        assert "companion safety age" in stage.status


async def test_whoever_types_already_is_not_asked(tmp_path: Path) -> None:
    room = open_room(tmp_path, age=AgeGroup.UNASKED)
    room.transcript.save_draft(room.begin().id, "half a wo", room.clock.now())
    async with staged(room) as stage:
        assert not isinstance(stage.app.screen, AgeScreen)
        assert room.ages == []


async def test_what_is_typed_instead_of_an_answer_is_not_lost(tmp_path: Path) -> None:
    room = open_room(tmp_path, age=AgeGroup.UNASKED)
    async with staged(room) as stage:
        assert isinstance(stage.app.screen, AgeScreen)
        await stage.pilot.press("m", "y", "space", "d", "a", "y")
        await stage.until(lambda: stage.entry.has_focus)
        assert stage.entry.text == "my day"
        assert room.ages == []


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_the_mark_can_be_read_in_each_theme(room: Room, theme: str) -> None:
    async with staged(room) as stage:
        stage.app.theme = theme
        await stage.pilot.pause()
        first = stage.app.screen._compositor.render_strips(stage.app.size)[0]
        styles = [segment.style for segment in first if "AI" in segment.text]
        assert styles
        assert all(style and style.color and style.color != style.bgcolor for style in styles)
