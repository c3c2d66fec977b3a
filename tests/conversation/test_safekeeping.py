"""A backup a day, on the clock, over simulated days."""

from datetime import timedelta
from pathlib import Path

import pytest

from companion.conversation.safekeeping import Rescue, Safekeeping
from companion.domain.errors import StoreError
from companion.store.backups import SqliteBackups
from companion.store.database import Store
from conversation_room import Room


@pytest.fixture
def backups(room: Room, tmp_path: Path) -> SqliteBackups:
    talk = room.begin()
    room.transcript.add_user_message(talk.id, "hello", "", room.clock.now(), parent_id=None)
    return SqliteBackups(tmp_path / "companion.db")


@pytest.fixture
def safekeeping(room: Room, backups: SqliteBackups) -> Safekeeping:
    return Safekeeping(backups, room.clock, keep=3)


def test_there_is_one_a_day_and_the_latest_stay(
    room: Room, backups: SqliteBackups, safekeeping: Safekeeping
) -> None:
    begin = room.clock.now()
    for _ in range(10 * 24):
        safekeeping.back_up_if_due()
        room.clock.advance(timedelta(hours=1))
    days = [(each.at - begin).days for each in backups.kept()]
    assert days == [9, 8, 7]


def test_a_clock_that_is_put_back_makes_neither_none_nor_many(
    room: Room, backups: SqliteBackups, safekeeping: Safekeeping
) -> None:
    for _ in range(5):
        safekeeping.back_up_if_due()
        room.clock.advance(timedelta(days=1))
    room.clock.advance(-timedelta(days=400))
    back = room.clock.now()
    for _ in range(3):
        safekeeping.back_up_if_due()
        room.clock.advance(timedelta(hours=1))
    assert [each.at for each in backups.kept()].count(back) == 1
    assert len(backups.kept()) == 3


def test_the_latest_whole_backup_is_found(
    room: Room, backups: SqliteBackups, safekeeping: Safekeeping, tmp_path: Path
) -> None:
    for _ in range(3):
        safekeeping.back_up_if_due()
        room.clock.advance(timedelta(days=1))
    kept = [each.path for each in backups.kept()]
    kept[0].write_bytes(b"")
    kept[1].write_bytes(b"rust" * 4096)
    rescue = Rescue(backups, room.clock)
    found = rescue.find()
    assert found
    assert found.file == kept[2]
    with pytest.raises(StoreError, match="Another program"):
        rescue.restore(found.file)
    room.store.close()
    assert rescue.restore(found.file)
    Store(tmp_path / "companion.db").close()
    for each in kept:
        each.unlink()
    assert rescue.find() is None


async def test_she_makes_it_herself(room: Room, backups: SqliteBackups) -> None:
    await room.companion.keep_safe()
    assert backups.kept() == []
    room.companion._safekeeping = Safekeeping(backups, room.clock, keep=3)
    await room.companion.keep_safe()
    assert len(backups.kept()) == 1
