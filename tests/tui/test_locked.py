"""A locked home at the start of the chat: the passphrase is asked for, nothing is lost."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from textual.widgets import Input

from companion.conversation.companion import Companion
from companion.domain.errors import LockedError
from companion.store.database import Store
from companion.store.keys import Keys
from companion.store.locking import SqliteLock
from companion.tui.app import CompanionApp
from conversation_room import Room, open_room
from tui.stage import Stage, escape

WORDS, PASSPHRASE = "what I said before I locked it", "hill over the river"


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    room = open_room(tmp_path)
    talk = room.begin()
    room.transcript.add_user_message(talk.id, WORDS, "", room.clock.now(), parent_id=None)
    room.store.close()
    SqliteLock(tmp_path / "companion.db", Keys()).change(PASSPHRASE)
    return tmp_path


def make_app(folder: Path) -> tuple[CompanionApp, Callable[[], Room]]:
    rooms: list[Room] = []
    given: list[str] = []

    def opening() -> Companion:
        rooms.append(open_room(folder, keys=Keys(lambda: given)))
        return rooms[-1].companion

    return CompanionApp(opening, None, given.append, theme="dark"), lambda: rooms[-1]


async def test_the_passphrase_opens_it_at_the_second_try(locked: Path) -> None:
    app, room = make_app(locked)
    async with app.run_test(size=(80, 24)) as pilot:
        stage = Stage(app, pilot, None)  # type: ignore[arg-type]
        await stage.until(lambda: app.screen.query(Input))
        await pilot.press("enter", *"wrong one")
        assert "is locked. Your passphrase?" in stage.on_screen()
        assert "wrong" not in stage.on_screen()
        await pilot.press("enter")
        await stage.until(lambda: "Once more" in stage.on_screen())
        app.screen.query_one(Input).value = PASSPHRASE
        await pilot.press("enter")
        await stage.until(lambda: stage.talk.conversation is not None)
        await pilot.pause()
        assert WORDS in stage.on_screen()
    room().store.close()


async def test_without_it_the_chat_ends_and_says_what_to_do(locked: Path) -> None:
    app, _ = make_app(locked)
    await escape(app, Input)
    assert isinstance(app.return_value, LockedError)
    with closing(Store(locked / "companion.db", Keys(lambda: [PASSPHRASE]))) as store:
        store.check()
