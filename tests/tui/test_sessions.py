"""Ctrl+S writes the conversation as a session file."""

from datetime import timedelta
from pathlib import Path

import pytest

from companion.portable.chat_formats import read_sessions
from conversation_room import Room
from tui.stage import staged


def written(folder: Path) -> list[Path]:
    return list(folder.glob("*.session.jsonl"))


async def test_the_conversation_is_written_into_the_current_folder(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with staged(room, size=(100, 24)) as stage:
        await stage.say("hello")
        await stage.until(lambda: len(stage.shown) == 3)
        await stage.until_silent()
        await stage.pilot.press("ctrl+s")
        await stage.until(lambda: stage.status.startswith("Wrote companion-"))
        await stage.pilot.press("ctrl+s")
        await stage.until(lambda: "-2.session.jsonl, this talk only." in stage.status)
        room.clock.advance(timedelta(minutes=1))
        await stage.pilot.press("ctrl+n")
        await stage.say("hello again")
        await stage.until(lambda: "hello again" in stage.shown)
        await stage.until_silent()
        await stage.pilot.press("ctrl+s")
        await stage.until(lambda: stage.status.endswith(", with all earlier talks in it."))
    first, second, third = sorted(written(tmp_path))
    assert first.stat().st_mode & 0o777 == 0o600
    (session,) = read_sessions(second)
    (turn,) = session.turns
    assert (turn.said.text, turn.reply and turn.reply.text) == ("hello", "Hello there.")
    assert session.problem == ""
    assert not session.past
    assert "hello" in str(read_sessions(third)[0].past)


async def test_where_nothing_was_said_nothing_is_written(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with staged(room, size=(100, 24)) as stage:
        await stage.pilot.press("ctrl+s")
        await stage.until(lambda: "Nothing was said" in stage.status)
    assert written(tmp_path) == []
