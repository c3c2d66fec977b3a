import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from textual.events import Paste
from textual.widgets import Static

from companion.domain.errors import StoreError
from companion.domain.model import TextDelta
from companion.domain.mood import MoodEntry, Source
from companion.tui.period import Span, count_back, find_period, mean_by_day
from companion.tui.screens.choice import ChoiceScreen
from companion.tui.screens.help import HelpScreen
from companion.tui.screens.mood import MoodScreen
from companion.tui.screens.point import PointScreen
from companion.tui.screens.words import WordsScreen
from companion.tui.widgets.message_view import MessageView
from companion.tui.widgets.mood_curve import MoodCurve
from companion.tui.widgets.mood_lines import MoodHead, PeriodLine
from companion.tui.widgets.mood_points import MoodPoints
from companion.tui.widgets.status_line import StatusLine
from companion.tui.widgets.text_field import TextField
from conversation_room import Room
from fakes import feel
from tui.mood_stage import TEXTS, answer, feed, opened, title
from tui.stage import Stage, fill, staged

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def moods(stage: Stage) -> MoodScreen:
    """Open the mood screen and wait until it has read."""
    screen = await opened(stage, "f5", MoodScreen)
    await settled(stage)
    return screen


async def settled(stage: Stage) -> None:
    await stage.until(lambda: isinstance(stage.app.screen, MoodScreen) and loaded(stage))
    await stage.pilot.pause()


def loaded(stage: Stage) -> bool:
    workers = [each for each in stage.app.workers if each.group == "load"]
    return all(each.is_finished for each in workers)


def points(stage: Stage) -> list[str]:
    options = stage.app.screen.query_one(MoodPoints).options
    return [str(option.prompt) for option in options]


def signs(stage: Stage) -> str:
    return str(stage.app.screen.query_one("#signs Static", Static).render())


def period(stage: Stage) -> str:
    return str(stage.app.screen.query_one(PeriodLine).render())


async def test_a_week_is_shown_with_its_points_and_its_curve(room: Room) -> None:
    feed(room, "sad", "glad")
    feed(room, "angry", ago=timedelta(days=20))
    async with staged(room) as stage:
        screen = await moods(stage)
        assert period(stage).startswith("16 Nov to 22 Nov 2026 · 2 points")
        assert ["glad" in points(stage)[0], "sad" in points(stage)[1]] == [True, True]
        assert "glad" in str(screen.query_one(MoodHead).render())
        assert screen.query_one(MoodCurve).display
        await stage.pilot.press("m")
        await settled(stage)
        assert len(points(stage)) == 3


async def test_times_before_are_reached_with_the_arrow_keys(room: Room) -> None:
    feed(room, "sad")
    feed(room, "angry", ago=timedelta(days=9))
    async with staged(room) as stage:
        await moods(stage)
        await stage.pilot.press("left")
        await settled(stage)
        assert [TEXTS["angry"] in each for each in points(stage)] == [True]
        await stage.pilot.press("right", "right")
        await settled(stage)
        assert [TEXTS["sad"] in each for each in points(stage)] == [True]


async def test_a_year_in_pixels_and_the_feelings_can_be_read_without_colour(room: Room) -> None:
    feed(room, "sad", "sad")
    feed(room, "glad", ago=timedelta(days=2))
    async with staged(room) as stage:
        await moods(stage)
        await stage.pilot.press("p")
        await settled(stage)
        november = next(line for line in signs(stage).splitlines() if line.startswith("Nov"))
        assert november.split()[1:][19:22] == ["▲", "·", "▼"]
        await stage.pilot.press("f")
        await settled(stage)
        assert [line.split()[::2] for line in signs(stage).splitlines()] == [
            ["sad", "2"],
            ["glad", "1"],
        ]


async def test_nothing_known_is_said_kindly(room: Room) -> None:
    async with staged(room) as stage:
        await moods(stage)
        assert signs(stage).startswith("Nothing is known yet.")
        for key in ("d", "m", "y", "p", "f", "left", "enter", "c", "delete"):
            await stage.pilot.press(key)
            await settled(stage)
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.chat)


async def test_a_point_shows_the_words_behind_it(room: Room) -> None:
    feed(room, "tired", "sad")
    async with staged(room) as stage:
        await moods(stage)
        await opened(stage, "enter", PointScreen)
        assert TEXTS["sad"] in stage.on_screen()
        assert f"You: {TEXTS['tired']}" in stage.on_screen()
        assert "the mood model, 80% sure, from “sad”" in stage.on_screen()
        await stage.pilot.press("escape")
        await settled(stage)


async def test_a_point_leads_to_its_message_in_another_conversation(room: Room) -> None:
    feed(room, "sad")
    async with staged(room) as stage:
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: "Again!" in stage.shown[-1])
        await moods(stage)
        await opened(stage, "enter", PointScreen)
        await stage.pilot.press("g")
        await stage.until(lambda: stage.app.screen is stage.chat and marked(stage))
        assert marked(stage) == [TEXTS["sad"]]


def marked(stage: Stage) -> list[str]:
    """Return the messages that are marked and in view."""
    views = stage.view.query(MessageView).filter(".-marked")
    return [each.message.text for each in views if each.region.overlaps(stage.view.region)]


async def test_a_point_far_back_is_brought_into_view(room: Room) -> None:
    fill(room, 300)
    far = next(each for each in room.transcript.branch(1) if each.text == "question 20")
    room.moods.add(feel("sad"), Source.MODEL, room.clock.now(), message_id=far.id)
    async with staged(room) as stage:
        await moods(stage)
        await opened(stage, "enter", PointScreen)
        await stage.pilot.press("g")
        await stage.until(lambda: marked(stage) == ["question 20"])
        await stage.pilot.press("pageup", "pageup", "pageup", "pageup", "pageup", "pageup")
        await stage.until(lambda: "question 5" in stage.shown)
        await stage.say("hello")
        await stage.until_silent()
        assert stage.view.is_following
        assert not marked(stage)


async def test_what_was_said_differently_later_is_not_looked_for_in_vain(room: Room) -> None:
    (old,) = feed(room, "sad")
    conversation = room.transcript.conversations()[0].id
    reply = room.transcript.add_user_message(
        conversation, TEXTS["glad"], "", room.clock.now(), parent_id=old.message_id
    )
    room.transcript.choose_head(conversation, old.message_id)
    room.moods.add(feel("glad"), Source.MODEL, room.clock.now(), message_id=reply.id)
    async with staged(room) as stage:
        await moods(stage)
        await opened(stage, "enter", PointScreen)
        await stage.pilot.press("g")
        await stage.until(lambda: stage.status.startswith("Those words stand in a part"))


async def test_a_point_is_not_gone_to_while_she_talks(room: Room) -> None:
    go_on = asyncio.Event()
    room.backend.script = [TextDelta("Well"), go_on, TextDelta(", yes.")]
    async with staged(room) as stage:
        await stage.say("so sad")
        await stage.until(lambda: "Well" in stage.on_screen())
        await moods(stage)
        await opened(stage, "enter", PointScreen)
        await stage.pilot.press("g")
        await stage.until(lambda: stage.status == "She is still talking. Esc stops her.")
        go_on.set()
        await stage.until_silent()
        assert stage.shown[-1] == "Well, yes."


async def test_a_very_long_message_is_shown_in_part(room: Room) -> None:
    (entry,) = feed(room, "sad")
    with room.moods._store.writing() as database:
        database.conn.execute("UPDATE messages SET text = text || ?", (" la" * 400_000,))
    async with staged(room, size=(80, 100)) as stage:
        await moods(stage)
        await opened(stage, "enter", PointScreen)
        assert TEXTS["sad"] in stage.on_screen()
        assert f"[… {len(entry.text) + 1_200_000 - 4000:,} characters …]" in stage.on_screen()


async def test_a_short_talk_can_be_seen_in_a_curve(room: Room) -> None:
    feed(room, "sad", "glad")
    async with staged(room) as stage:
        screen = await moods(stage)
        for key in ("w", "d"):
            await stage.pilot.press(key)
            await settled(stage)
            curve = screen.query_one(MoodCurve).region
            lines = stage.on_screen().splitlines()[curve.y : curve.bottom]
            assert sum(line.count("•") for line in lines) >= 2


async def test_going_back_ends_before_the_first_year(room: Room) -> None:
    async with staged(room) as stage:
        screen = await moods(stage)
        await stage.pilot.press("y")
        await settled(stage)
        for _ in range(80):
            screen.action_move(1)
        await settled(stage)
        assert period(stage).startswith("1970")


@pytest.mark.parametrize("span", list(Span))
def test_every_stretch_that_can_be_reached_can_be_shown(span: Span) -> None:
    last = count_back(span, NOON)
    assert find_period(span, NOON, last).begin.year in (1969, 1970)


@pytest.mark.parametrize(("width", "keys"), [(80, 6), (60, 4), (40, 3)])
async def test_the_keys_that_matter_are_named_at_every_width(
    room: Room, width: int, keys: int
) -> None:
    async with staged(room, size=(width, 24)) as stage:
        await moods(stage)
        shown = stage.on_screen().splitlines()[-1]
        names = ("back", "open", "journal", "how you are", "correct", "forget")
        assert [name for name in names if name in shown] == list(names[:keys])


async def test_the_users_own_word_stands(room: Room) -> None:
    feed(room, "sad")
    async with staged(room) as stage:
        await moods(stage)
        await opened(stage, "c", WordsScreen)
        await answer(stage, "purple")
        await stage.until(lambda: "I found no feeling in those words." in stage.on_screen())
        for _ in "purple":
            await stage.pilot.press("backspace")
        await answer(stage, "tired")
        await settled(stage)
        assert "tired" in points(stage)[0]
        (kept,) = room.moods.entries()
        assert (kept.source, kept.appraisal.word) == (Source.USER, "tired")
        await stage.pilot.press("escape")
        await stage.until(lambda: title(stage).endswith("▾ tired"))


async def test_a_point_is_forgotten_after_a_second_yes(room: Room) -> None:
    feed(room, "sad", "glad")
    async with staged(room) as stage:
        await moods(stage)
        await opened(stage, "delete", ChoiceScreen)
        await stage.pilot.press("enter")
        await settled(stage)
        assert len(room.moods.entries()) == 2
        await opened(stage, "delete", ChoiceScreen)
        assert "backups made so far" in str(stage.app.screen.query_one(".question", Static).content)
        await stage.pilot.press("down", "enter")
        await settled(stage)
        await stage.until(lambda: len(points(stage)) == 1)
        assert [each.text for each in room.moods.entries()] == [TEXTS["sad"]]


async def test_the_journal_and_a_word_for_now_are_kept(room: Room) -> None:
    async with staged(room) as stage:
        await moods(stage)
        await opened(stage, "j", WordsScreen)
        await answer(stage, "so angry at the rain")
        await settled(stage)
        await stage.until(lambda: len(points(stage)) == 1)
        room.clock.advance(timedelta(minutes=1))
        await opened(stage, "s", WordsScreen)
        await answer(stage, "glad")
        await settled(stage)
        await stage.until(lambda: len(points(stage)) == 2)
        kept = [(each.text, each.source) for each in room.moods.entries()]
        assert kept == [("so angry at the rain", Source.MODEL), ("glad", Source.USER)]
        await opened(stage, "enter", PointScreen)
        assert "g goes there" not in stage.on_screen()
        await stage.pilot.press("g", "escape")
        await settled(stage)


async def test_the_journal_takes_several_lines(room: Room) -> None:
    async with staged(room) as stage:
        await moods(stage)
        screen = await opened(stage, "j", WordsScreen)
        field = screen.query_one(TextField)
        await stage.pilot.press("a", "ctrl+j", "b")
        assert (field.text, field.size.height) == ("a\nb", 2)
        field.post_message(Paste("\none\r\ntwo\n" + "sad " * 2000))
        await stage.until(lambda: "pasted text" in field.text)
        await stage.pilot.press("enter")
        await settled(stage)
        await stage.until(lambda: len(points(stage)) == 1)
        assert room.moods.entries()[0].text == "a\nb\none\ntwo\n" + ("sad " * 2000).strip()


async def test_what_is_being_kept_cannot_be_left_half_way(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = asyncio.Event()
    write = room.companion.diary.write

    async def linger(text: str) -> MoodEntry:
        await go_on.wait()
        return await write(text)

    monkeypatch.setattr(room.companion.diary, "write", linger)
    async with staged(room) as stage:
        await moods(stage)
        screen = await opened(stage, "j", WordsScreen)
        screen.query_one(TextField).insert("so sad")
        await stage.pilot.press("enter", "escape")
        for _ in range(3):
            stage.chat.moods.refresh()
            await stage.pilot.pause()
        assert stage.app.screen is screen
        go_on.set()
        await settled(stage)
        await stage.until(lambda: len(points(stage)) == 1)


async def test_what_goes_wrong_is_said_in_one_line(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(room, "sad")
    async with staged(room) as stage:
        screen = await moods(stage)

        def fail(*_: object) -> None:
            raise StoreError("The disk is full.")

        monkeypatch.setattr(room.moods, "delete", fail)
        monkeypatch.setattr(room.moods, "entries", fail)
        await opened(stage, "x", ChoiceScreen)
        await stage.pilot.press("down", "enter")
        await settled(stage)
        await stage.until(lambda: screen.query_one(StatusLine).text == "The disk is full.")
        assert "The disk is full." in stage.on_screen()


@pytest.mark.parametrize("size", [(40, 15), (120, 40), (24, 8)])
async def test_everything_opens_at_every_size(room: Room, size: tuple[int, int]) -> None:
    feed(room, "sad", "glad")
    async with staged(room, size=size) as stage:
        await moods(stage)
        for key in ("d", "w", "m", "y", "p", "f"):
            await stage.pilot.press(key)
            await settled(stage)
        await opened(stage, "enter", PointScreen)
        await stage.pilot.press("escape")
        await stage.pilot.resize_terminal(80, 24)
        await settled(stage)
        assert len(points(stage)) == 2


async def test_it_opens_on_a_terminal_without_colour(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    feed(room, "sad", "glad")
    async with staged(room) as stage:
        assert colours(stage) == set()
        await moods(stage)
        for key in ("d", "p", "f"):
            await stage.pilot.press(key)
            await settled(stage)
            assert stage.on_screen()
            assert colours(stage) == set()


def colours(stage: Stage) -> set[str]:
    """Return the colours on the screen, but for the terminal's own."""
    strips = stage.app.screen._compositor.render_strips(stage.app.size)
    styles = [style for strip in strips for _, style, _ in strip if style]
    found = {colour.name for style in styles for colour in (style.color, style.bgcolor) if colour}
    return found - {"default"}


async def test_thousands_of_points_can_be_shown(room: Room) -> None:
    (first,) = feed(room, "sad", ago=timedelta(days=1))
    with room.moods._store.writing() as database:
        row = next(iter(database.query("SELECT * FROM moods WHERE id = ?", [first.id])))
        rows = [
            row | {"id": None, "message_id": None, "journal_id": number}
            for number in range(1, 5000)
        ]
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        database.conn.executemany("INSERT INTO journal VALUES (:journal_id, :at, 'x')", rows)
        database.conn.executemany(f"INSERT INTO moods ({names}) VALUES ({marks})", rows)
    async with staged(room) as stage:
        await moods(stage)
        await stage.pilot.press("y")
        await settled(stage)
        assert period(stage).startswith("2026 · 5,000 points")
        assert points(stage)[-1].startswith("and 4,000 earlier ones")
        await stage.pilot.press("end", "down")
        await settled(stage)


async def test_help_and_the_palette_know_the_mood_screen(room: Room) -> None:
    async with staged(room, size=(90, 40)) as stage:
        await moods(stage)
        await opened(stage, "f1", HelpScreen)
        await stage.pilot.press("escape")
        await settled(stage)
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: "Year in pixels" in stage.on_screen())
        assert "Answer again" not in stage.on_screen()


@pytest.mark.parametrize(
    ("span", "back", "begin", "title"),
    [
        (Span.DAY, 1, datetime(2026, 11, 21, tzinfo=UTC), "Saturday, 21 November 2026"),
        (Span.WEEK, 0, datetime(2026, 11, 16, tzinfo=UTC), "16 Nov to 22 Nov 2026"),
        (Span.MONTH, 0, datetime(2026, 10, 24, tzinfo=UTC), "24 Oct to 22 Nov 2026"),
        (Span.YEAR, 2, datetime(2024, 1, 1, tzinfo=UTC), "2024"),
    ],
)
def test_a_stretch_ends_with_today(span: Span, back: int, begin: datetime, title: str) -> None:
    found = find_period(span, NOON, back)
    assert (found.begin, found.title) == (begin, title)
    assert found.begin <= NOON - timedelta(days=366 * back) or back
    assert all(found.begin <= at < found.end for at, _ in found.ticks)


def test_a_stretch_goes_by_the_users_clock_through_summer_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    found = find_period(Span.WEEK, datetime(2026, 10, 28, 12, tzinfo=berlin))
    assert found.place(datetime(2026, 10, 27, 23, tzinfo=UTC)) == 6.0
    assert found.place(found.end) == 7.0


async def test_a_point_of_summer_is_told_in_summer_time(room: Room) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    room.clock.at = room.clock.at.astimezone(berlin)
    feed(room, "sad", ago=room.clock.at - datetime(2026, 7, 1, 12, 0, tzinfo=berlin))
    async with staged(room) as stage:
        await moods(stage)
        await stage.pilot.press("y")
        await settled(stage)
        assert points(stage)[0].startswith("Wed  1 Jul 12:00")


def test_the_mean_of_a_day_goes_by_how_sure_each_point_is(room: Room) -> None:
    sad, glad = feed(room, "sad", "glad")
    means = mean_by_day([sad, glad], NOON)
    assert [round(mean.valence, 2) for mean in means.values()] == [0.05]
