"""A damaged database at the start of the chat: the user is asked, nothing is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import OptionList

from companion.conversation.companion import Companion
from companion.conversation.safekeeping import Rescue
from companion.domain.errors import DamagedError
from companion.store.backups import SqliteBackups
from companion.tui.app import CompanionApp
from conversation_room import Room, open_room
from fakes import FakeClock
from tui.stage import Stage, escape

WORDS = "what I said before the accident"


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A folder with a database that is damaged and one whole backup."""
    room = open_room(tmp_path)
    talk = room.begin()
    room.transcript.add_user_message(talk.id, WORDS, "", room.clock.now(), parent_id=None)
    assert SqliteBackups(tmp_path / "companion.db").make(room.clock.now())
    room.store.close()
    (tmp_path / "companion.db").write_bytes(b"not a database" * 1000)
    return tmp_path


def make_app(folder: Path) -> tuple[CompanionApp, Callable[[], Room]]:
    rooms: list[Room] = []

    def opening() -> Companion:
        rooms.append(open_room(folder))
        return rooms[-1].companion

    def rescuing() -> Rescue:
        return Rescue(SqliteBackups(folder / "companion.db"), FakeClock())

    return CompanionApp(opening, rescuing, theme="dark"), lambda: rooms[-1]


async def test_the_backup_comes_back_when_the_user_agrees(damaged: Path) -> None:
    app, room = make_app(damaged)
    async with app.run_test(size=(80, 24)) as pilot:
        asked = lambda: app.screen.query(OptionList)  # noqa: E731
        stage = Stage(app, pilot, None)  # type: ignore[arg-type]
        await stage.until(asked)
        await pilot.pause()
        assert "is damaged" in stage.on_screen()
        assert "has 1 message." in stage.on_screen()
        await pilot.press("enter")
        await stage.until(lambda: stage.talk.conversation is not None)
        await pilot.pause()
        assert WORDS in stage.on_screen()
    room().store.close()
    (kept,) = (damaged / "backups").glob("*-damaged.db")
    assert kept.read_bytes().startswith(b"not a database")


async def test_everything_stays_when_the_user_does_not(damaged: Path) -> None:
    app, _ = make_app(damaged)
    await escape(app, OptionList)
    assert isinstance(app.return_value, DamagedError)
    assert "companion restore brings back the backup" in str(app.return_value)
    assert (damaged / "companion.db").read_bytes().startswith(b"not a database")


async def test_without_a_backup_the_reason_is_told(damaged: Path) -> None:
    next((damaged / "backups").iterdir()).unlink()
    app, _ = make_app(damaged)
    async with app.run_test(size=(80, 24)) as pilot:
        await Stage(app, pilot, None).until(lambda: app.return_value)  # type: ignore[arg-type]
    assert "Put a backup in its place" in str(app.return_value)
