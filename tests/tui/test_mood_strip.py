import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from companion.domain.message import Role
from companion.domain.model import ModelProfile
from companion.domain.mood import Affect, Appraisal, Direction, Mood, MoodEntry, Source, Trend
from companion.tui.feelings import (
    choose_step,
    draw_bar,
    mark_appraisal,
    mark_mood,
    tell_source,
    tell_why,
)
from companion.tui.screens.explanation import ExplanationScreen
from companion.tui.widgets.mood_panel import MoodPanel
from conversation_room import Room
from fakes import feel
from tui.mood_stage import feed, opened, title
from tui.stage import Stage, staged


def _entry(appraisal: Appraisal) -> MoodEntry:
    return MoodEntry(1, datetime(2026, 11, 22, tzinfo=UTC), Source.MODEL, appraisal, "so sad", 1)


def panel(stage: Stage) -> str:
    lines = stage.chat.query("MoodPanel Static")
    return "\n".join(str(each.render()) for each in lines)


async def test_nothing_is_said_before_anything_is_known(room: Room) -> None:
    async with staged(room) as stage:
        assert (
            title(stage) == " AI  Samantha · software, not a person · obedient-1 by way of obedient"
        )


async def test_the_strip_follows_what_is_said(room: Room) -> None:
    async with staged(room) as stage:
        await stage.say("I am so sad")
        await stage.until(lambda: title(stage).endswith("▾ sad"))
        await stage.until_silent()
        await stage.say("now I am glad")
        await stage.until(lambda: title(stage).endswith("▴ glad"))
        await stage.until_silent()


async def test_the_mood_of_before_is_there_at_the_start_and_faded(room: Room) -> None:
    feed(room, "sad", ago=timedelta(hours=10))
    async with staged(room) as stage:
        await stage.until(lambda: title(stage).endswith("▾ sad"))
        room.clock.advance(timedelta(days=30))
        stage.chat.moods.refresh()
        await stage.until(lambda: title(stage).endswith("• as usual"))


@pytest.mark.parametrize("width", [40, 60, 80, 120])
async def test_who_she_is_is_said_at_every_width(room: Room, width: int) -> None:
    feed(room, "sad")
    async with staged(room, size=(width, 15)) as stage:
        await stage.until(lambda: title(stage).endswith("▾ sad") or width == 40)
        assert title(stage).startswith(" AI  Samantha · software, not a person")
        assert len(title(stage)) <= width - 2
        assert ("▾" in title(stage)) == (width > 40)


def test_only_what_lasts_has_an_arrow() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    entry = _entry(feel("sad"))
    trends = Trend(), Trend(lasting=Direction.LOWER, days=4)
    marks = [mark_mood(Mood(at, entry.appraisal.affect, Affect(), 1.0, t, entry)) for t in trends]
    assert [mark.arrow for mark in marks if mark] == ["", "↘"]


def test_directions_differ_in_shape_and_not_in_colour_alone() -> None:
    glyphs = {word: mark_appraisal(feel(word)).glyph for word in ("sad", "glad", "calm")}
    assert glyphs == {"sad": "▾", "glad": "▴", "calm": "•"}
    assert [choose_step(valence) for valence in (-1, -0.3, 0, 0.3, 1)] == ["▼", "▾", "•", "▴", "▲"]
    assert [draw_bar(valence) for valence in (-1, -0.5, 0, 0.2, 1)] == [
        *("███│   ", " ▐█│   ", "   │   ", "   │▌  ", "   │███")
    ]


def test_an_entry_tells_what_it_was_seen_from_and_by_whom() -> None:
    seen = _entry(feel("sad", evidence="sad"))
    assert tell_why(seen) == "because you wrote “sad”"
    assert tell_source(seen) == "the mood model, 80% sure"


async def test_the_panel_shows_today_and_goes_on_with_the_talk(room: Room) -> None:
    feed(room, "glad", "tired")
    feed(room, "angry", ago=timedelta(days=2))
    async with staged(room, size=(120, 40)) as stage:
        assert not stage.chat.query(MoodPanel)
        await stage.pilot.press("f4")
        await stage.until(lambda: "18:00" in panel(stage))
        assert "glad" in panel(stage)
        assert "because you wrote “tired”" in panel(stage)
        assert "angry" not in panel(stage)
        await stage.say("I am afraid")
        await stage.until(lambda: "because you wrote “afraid”" in panel(stage))
        await stage.until_silent()
        await stage.pilot.press("f4")
        assert not stage.chat.query(MoodPanel)


@pytest.mark.parametrize("size", [(40, 15), (80, 24), (120, 40), (30, 8)])
async def test_the_panel_fits_every_size(room: Room, size: tuple[int, int]) -> None:
    feed(room, "sad", "glad", "tired", "angry", "afraid", "sad")
    async with staged(room, size=size) as stage:
        await stage.pilot.press("f4")
        await stage.until(lambda: "19:" in panel(stage) or "18:" in panel(stage))
        assert stage.view.size.height >= 1
        assert stage.entry.region.height >= 1
        await stage.pilot.resize_terminal(100, 30)
        await stage.until(lambda: stage.chat.query_one(MoodPanel).region.right == 100)


async def test_an_empty_day_says_so(room: Room) -> None:
    async with staged(room) as stage:
        await stage.pilot.press("f4")
        await stage.until(lambda: "Nothing noticed yet today." in panel(stage))


async def test_what_she_was_told_is_shown_letter_for_letter(room: Room) -> None:
    async with staged(room, size=(100, 60)) as stage:
        await stage.say("I am so sad")
        await stage.until_silent()
        said = [each for each in await stage.history() if each.role is Role.USER][-1]
        explanation = await room.companion.diary.explain(said.id)
        assert explanation.guidance is not None
        await opened(stage, "f6", ExplanationScreen)
        shown = "\n".join(str(each.render()) for each in stage.app.screen.query("Static"))
        assert said.note in shown
        assert explanation.guidance.reason in shown
        assert explanation.guidance.strategy.value in shown
        prompt = await stage.conversation.prompt()
        assert all(each.content in shown for each in prompt.messages)
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.chat)


@pytest.mark.parametrize("exemplars", [1, 0])
async def test_only_examples_that_were_sent_are_shown(room: Room, exemplars: int) -> None:
    room.backend.profile = ModelProfile(exemplars=1)
    async with staged(room, size=(100, 60)) as stage:
        await stage.say("I am so sad")
        await stage.until_silent()
        room.backend.profile = ModelProfile(exemplars=exemplars)
        await opened(stage, "f6", ExplanationScreen)
        shown = "\n".join(str(each.render()) for each in stage.app.screen.query("Static"))
        assert shown.count("so low") == 2 * exemplars


async def test_there_is_nothing_to_explain_before_the_first_word(room: Room) -> None:
    async with staged(room) as stage:
        await stage.pilot.press("f6")
        await stage.until(lambda: stage.status == "You have not said anything yet.")


async def test_what_was_erased_is_explained_kindly(room: Room) -> None:
    entries = feed(room, "sad")
    await asyncio.to_thread(room.moods.delete, entries[0].id)
    async with staged(room, size=(100, 60)) as stage:
        await opened(stage, "f6", ExplanationScreen)
        await stage.until(lambda: "Nothing guided this answer" in stage.on_screen())
        assert "Nothing was noticed in it." in stage.on_screen()
