import asyncio
import sqlite3
from pathlib import Path

import pytest
from textual import events

from companion.domain.errors import BackendError, StoreError
from companion.domain.message import Status
from companion.domain.model import Restarted, TextDelta
from companion.tui.app import CompanionApp
from conversation_room import Room, open_room
from tui.stage import Stage, fill, staged


async def talking(stage: Stage, pieces: int = 1) -> asyncio.Event:
    """Begin a turn that has said something and waits for the event that is returned."""
    more = asyncio.Event()
    stage.room.backend.script = [
        *(TextDelta(f"piece {number} ") for number in range(pieces)),
        more,
        TextDelta("end"),
    ]
    await stage.say("hello")
    await stage.until(lambda: stage.view.reply and "piece" in stage.view.reply.text)
    return more


async def test_her_greeting_and_what_she_is_are_shown(room: Room) -> None:
    async with staged(room) as stage:
        assert stage.shown == ["Hi. Who are you?"]
        assert "AI  Samantha · software, not a person · obedient-1" in stage.on_screen()


async def test_a_message_is_kept_and_answered(room: Room) -> None:
    async with staged(room) as stage:
        await stage.say("hello")
        await stage.until(lambda: len(stage.shown) == 3)
        await stage.until_silent()
        assert stage.shown[1:] == ["hello", "Hello there."]
        assert stage.entry.text == ""
        kept = [(each.text, each.status) for each in (await stage.history())[1:]]
        assert kept == [("hello", Status.ANSWERED), ("Hello there.", Status.COMPLETE)]


async def test_the_reply_is_on_the_screen_while_it_comes(room: Room) -> None:
    async with staged(room) as stage:
        more = await talking(stage)
        await stage.until(lambda: "piece 0" in stage.on_screen())
        more.set()
        await stage.until_silent()
        assert stage.shown[-1] == "piece 0 end"


async def test_escape_stops_her_and_keeps_what_came(room: Room) -> None:
    async with staged(room) as stage:
        await talking(stage)
        await stage.pilot.press("escape")
        await stage.until_silent()
        assert stage.shown[-1] == "piece 0\n— you stopped her here"
        assert (await stage.history())[-1].status is Status.STOPPED


async def test_ctrl_c_stops_her_first_and_then_tells_how_to_quit(room: Room) -> None:
    async with staged(room) as stage:
        await talking(stage)
        await stage.pilot.press("ctrl+c")
        await stage.until_silent()
        assert (await stage.history())[-1].status is Status.STOPPED
        await stage.pilot.press("ctrl+c")
        assert stage.status.startswith("Ctrl+Q quits")


async def test_quitting_while_she_talks_keeps_what_came(room: Room) -> None:
    async with staged(room) as stage:
        await talking(stage)
        conversation = stage.conversation
        await stage.chat.leave()
        assert (await conversation.history())[-1].status is Status.STOPPED
        await stage.pilot.press("ctrl+q")
    assert room.backend.closed


async def test_typing_goes_on_while_she_talks(room: Room) -> None:
    async with staged(room) as stage:
        more = await talking(stage)
        await stage.type("wait\nno")
        assert stage.entry.text == "wait\nno"
        more.set()
        await stage.until_silent()
        assert stage.entry.text == "wait\nno"


async def test_what_is_sent_while_she_talks_waits_its_turn(room: Room) -> None:
    async with staged(room) as stage:
        more = await talking(stage)
        await stage.say("and")
        await stage.say("then")
        assert "as soon as she has finished" in stage.status
        more.set()
        await stage.until(lambda: "and\nthen" in stage.shown)
        await stage.until_silent()
        said = [each.text for each in await stage.history()]
        assert said[1:4] == ["hello", "piece 0 end", "and\nthen"]


async def test_what_waited_comes_back_when_she_is_stopped(room: Room) -> None:
    async with staged(room) as stage:
        await talking(stage)
        await stage.say("and")
        await stage.pilot.press("escape")
        await stage.until_silent()
        assert stage.entry.text == "and"


async def test_a_failed_reply_says_so_and_can_be_asked_for_again(room: Room) -> None:
    async with staged(room) as stage:
        room.backend.script = [TextDelta("Well"), BackendError("The server went away.")]
        await stage.say("hello")
        await stage.until(lambda: "Ctrl+R" in stage.status)
        assert stage.shown[-1] == "Well\n— broken off. The server went away."
        room.backend.script = [TextDelta("Here I am.")]
        await stage.pilot.press("ctrl+r")
        await stage.until(lambda: stage.shown[-1] == "Here I am.")
        await stage.until_silent()
        assert stage.shown[1:] == ["hello", "Here I am."]


async def test_a_reply_that_begins_again_forgets_what_came(room: Room) -> None:
    async with staged(room) as stage:
        room.backend.script = [TextDelta("lost"), Restarted("I lost it."), TextDelta("found")]
        await stage.say("hello")
        await stage.until(lambda: "found" in stage.shown[-1])
        await stage.until_silent()
        assert stage.shown[-1] == "found"


async def test_another_answer_takes_the_place_of_the_first(room: Room) -> None:
    async with staged(room) as stage:
        await stage.say("hello")
        await stage.until_silent()
        room.backend.script = [TextDelta("Another.")]
        await stage.pilot.press("ctrl+r")
        await stage.until(lambda: stage.shown[-1] == "Another.")
        await stage.until_silent()
        assert stage.shown[1:] == ["hello", "Another."]
        assert [each.text for each in await stage.history()][1:] == ["hello", "Another."]


async def test_there_is_nothing_to_answer_again_at_the_beginning(room: Room) -> None:
    async with staged(room) as stage:
        await stage.pilot.press("ctrl+r")
        await stage.until(lambda: "nothing of yours" in stage.status)
        assert stage.shown == ["Hi. Who are you?"]


async def test_the_last_message_can_be_said_differently(room: Room) -> None:
    async with staged(room) as stage:
        await stage.say("helo")
        await stage.until_silent()
        await stage.type("later")
        await stage.pilot.press("ctrl+t")
        assert stage.entry.text == "helo"
        await stage.say(" you")
        await stage.until(lambda: "helo you" in stage.shown)
        await stage.until_silent()
        assert stage.shown[1:] == ["helo you", "Hello there."]
        assert stage.entry.text == "later"


async def test_escape_leaves_the_edit(room: Room) -> None:
    async with staged(room) as stage:
        await stage.say("hello")
        await stage.until_silent()
        await stage.type("later")
        await stage.pilot.press("ctrl+t", "x", "escape")
        assert stage.entry.text == "later"
        assert stage.shown[1:] == ["hello", "Hello there."]


async def test_a_draft_survives(room: Room, tmp_path: Path) -> None:
    async with staged(room) as stage:
        await stage.type("half a thou")
        await stage.pilot.press("ctrl+q")
    async with staged(open_room(tmp_path)) as stage:
        assert stage.entry.text == "half a thou"


async def test_her_last_words_are_copied(room: Room) -> None:
    async with staged(room) as stage:
        room.backend.script = [TextDelta("**Yes**, do.")]
        await stage.say("hello")
        await stage.until_silent()
        await stage.pilot.press("ctrl+y")
        assert stage.app.clipboard == "**Yes**, do."


async def test_markup_in_what_is_said_is_inert(room: Room) -> None:
    async with staged(room) as stage:
        hostile = "[red]x[/] [@click=app.quit]y[/] [/] \\["
        room.backend.script = [TextDelta("[@click=app.quit]go[/] [red]x[/]")]
        stage.entry.fill(hostile)
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.shown) == 3)
        await stage.until_silent()
        assert stage.shown[1] == hostile
        assert stage.shown[2] == "[@click=app.quit]go[/] [red]x[/]"
        await stage.pilot.click("MessageView:last-of-type", offset=(5, 0))
        assert stage.app.is_running


async def test_a_notice_from_the_store_is_one_line_and_the_text_comes_back(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.")

    async with staged(room) as stage:
        monkeypatch.setattr(room.transcript, "add_user_message", refuse)
        await stage.say("hello")
        await stage.until(lambda: stage.status == "The disk is full.")
        await stage.until_silent()
        assert stage.entry.text == "hello"


async def test_a_huge_paste_is_folded_and_sent_whole(room: Room) -> None:
    pasted = "a line of text\n" * 7000
    async with staged(room) as stage:
        stage.entry.post_message(events.Paste(pasted))
        await stage.until(lambda: stage.entry.text)
        assert stage.entry.text == "[pasted text 1: 7,001 lines]"
        await stage.say("!")
        await stage.until(lambda: len(stage.shown) == 3)
        await stage.until_silent()
        assert (await stage.history())[1].text == f"{pasted}!"


async def test_a_small_terminal_asks_for_room_and_comes_back(room: Room) -> None:
    async with staged(room) as stage:
        await stage.pilot.resize_terminal(20, 5)
        await stage.until(lambda: "little more room" in stage.on_screen())
        assert "Samantha" not in stage.on_screen()
        await stage.pilot.resize_terminal(40, 15)
        await stage.until(lambda: "Hi. Who are you?" in stage.on_screen())
        assert "Ctrl+Q quit" in stage.on_screen()


async def test_an_opening_that_fails_ends_the_app_with_its_reason() -> None:
    def refuse() -> None:
        raise StoreError("The database is locked.")

    app = CompanionApp(refuse, theme="dark")  # type: ignore[arg-type]
    async with app.run_test() as pilot:
        await pilot.pause()
        for _ in range(100):
            await asyncio.sleep(0.01)
            if not app.is_running or app.return_value:
                break
    assert str(app.return_value) == "The database is locked."


async def test_colours_change(room: Room) -> None:
    async with staged(room) as stage:
        before = stage.app.current_theme.dark
        await stage.pilot.press("f3")
        assert stage.app.current_theme.dark is not before


async def test_coming_back_she_says_so_and_it_is_not_kept(room: Room) -> None:
    fill(room, 2)
    async with staged(room) as stage:
        assert stage.shown[-1] == "Back."
        assert [each.text for each in await stage.history()][-1] == "answer 1"


async def test_a_draft_is_kept_while_typing_goes_on(room: Room) -> None:
    async with staged(room) as stage:
        for _ in range(8):
            await stage.type("x")
            await asyncio.sleep(0.15)
        kept = room.transcript.draft(stage.conversation.id)
        assert kept.startswith("x")


async def test_a_locked_database_is_a_line_and_not_the_end(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(room) as stage:
        await stage.say("hello")
        await stage.until_silent()
        room.transcript._store.database.conn.execute("PRAGMA busy_timeout = 50")
        holder = sqlite3.connect(tmp_path / "companion.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: "Another program is writing" in stage.status)
        holder.execute("ROLLBACK")
        holder.close()
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: "hello" not in stage.on_screen())
