"""Backups are whole, private, and bring everything back; erased words are in none."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from companion.domain.errors import DamagedError, StoreError
from companion.store import copying
from companion.store.backups import SqliteBackups
from companion.store.copies import UNFINISHED
from companion.store.database import Store
from companion.store.erasing import SqliteEraser
from companion.store.exporting import SqliteExporter
from companion.store.transcript import SqliteTranscript
from full_home import NOW, FullHome

LATER = NOW + timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[FullHome]:
    home = FullHome(tmp_path).fill()
    yield home
    home.store.close()


@pytest.fixture
def backups(home: FullHome) -> SqliteBackups:
    return SqliteBackups(home.path)


def read_all(path: Path) -> list[object]:
    store = Store(path)
    try:
        return list(SqliteExporter(store).records())
    finally:
        store.close()


def make(backups: SqliteBackups, at: datetime = NOW) -> Path:
    made = backups.make(at)
    assert made
    return made.path


def damage(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[4096 : len(raw) // 2] = b"\xff" * (len(raw) // 2 - 4096)
    path.write_bytes(raw)


def test_a_backup_has_everything_and_is_one_private_file(
    home: FullHome, backups: SqliteBackups, tmp_path: Path
) -> None:
    made = make(backups)
    assert made == tmp_path / "backups" / "companion-20261123T200000Z.db"
    assert made.stat().st_mode & 0o777 == 0o600
    assert made.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in made.parent.iterdir()] == [made.name]
    with sqlite3.connect(f"file:{made}?immutable=1", uri=True) as plain:
        assert plain.execute("SELECT COUNT(*) FROM messages").fetchone() == (11,)
    plain.close()
    expected = read_all(home.path)
    assert read_all(made) == expected


def test_it_is_made_while_others_write(home: FullHome, backups: SqliteBackups) -> None:
    talk = home.transcript.create_conversation("samantha", NOW).id
    home.store.database.conn.execute("BEGIN")
    home.transcript.branch(talk)
    assert make(backups).exists()
    home.store.database.conn.execute("COMMIT")
    home.say(talk, "still here", None)


def test_somebody_who_does_not_let_go_is_named(
    home: FullHome, backups: SqliteBackups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "BUSY_SECONDS", 0.1)
    with home.store.writing(), pytest.raises(StoreError, match="Another program is writing"):
        backups.make(NOW)
    assert backups.kept() == []


def test_nothing_said_nothing_copied(tmp_path: Path) -> None:
    backups = SqliteBackups(tmp_path / "companion.db")
    assert backups.make(NOW) is None
    Store(tmp_path / "companion.db").close()
    assert backups.make(NOW) is None


def test_the_latest_are_kept_whatever_the_clock_said(backups: SqliteBackups) -> None:
    days = [NOW + timedelta(days=n) for n in (3, 1, 2)]
    for day in days:
        make(backups, day)
    made = backups.make(NOW)
    assert made
    backups.prune(2, made)
    assert [each.at for each in backups.kept()] == [days[0], NOW]


def test_of_what_was_set_aside_as_many_stay(home: FullHome, backups: SqliteBackups) -> None:
    made = backups.make(NOW)
    assert made
    aside = [
        made.path.with_name(f"companion-2026112{day}T200000Z{kind}.db")
        for day in (0, 1, 2)
        for kind in ("-damaged", "-replaced")
    ]
    for path in aside:
        path.touch()
        Path(f"{path}-wal").touch()
    backups.prune(2, made)
    left = {made.path, *aside[-2:], *(Path(f"{path}-wal") for path in aside[-2:])}
    assert set(made.path.parent.iterdir()) == left


def test_no_database_is_made_where_one_went(tmp_path: Path) -> None:
    gone = tmp_path / "companion.db"
    with pytest.raises(sqlite3.OperationalError), copying.nobody_writes(gone, ""):
        pass
    assert not gone.exists()


def test_a_damaged_database_never_becomes_a_backup(home: FullHome, backups: SqliteBackups) -> None:
    good = make(backups)
    home.store.close()
    damage(home.path)
    with pytest.raises(DamagedError, match=r"companion restore brings back .* of 23 November"):
        backups.make(LATER)
    assert [each.path for each in backups.kept()] == [good]
    assert not [each for each in good.parent.iterdir() if each.name.startswith(UNFINISHED)]


def test_a_backup_comes_back_and_what_was_here_is_kept(
    home: FullHome, backups: SqliteBackups
) -> None:
    before = read_all(home.path)
    made = make(backups)
    talk = home.transcript.create_conversation("samantha", NOW).id
    home.say(talk, "said after the backup", None)
    after = read_all(home.path)
    home.store.close()
    change = backups.compare(made)
    assert change.now
    assert (change.then.messages, change.now.messages, change.damaged) == (11, 12, False)
    aside = backups.restore(made, LATER)
    assert aside
    assert read_all(home.path) == before
    assert read_all(aside) == after
    assert aside not in [each.path for each in backups.kept()]
    again = backups.restore(aside, LATER)
    assert read_all(home.path) == after
    assert again
    assert again != aside
    assert read_all(aside) == after


def test_a_damaged_file_is_replaced_and_kept_as_it_was(
    home: FullHome, backups: SqliteBackups, tmp_path: Path
) -> None:
    before, made = read_all(home.path), make(backups)
    home.store.close()
    damage(home.path)
    raw = home.path.read_bytes()
    Path(f"{home.path}-wal").write_bytes(b"half a log")
    assert backups.compare(made).damaged
    aside = backups.restore(made, LATER)
    assert aside == tmp_path / "backups" / "companion-20261124T200000Z-damaged.db"
    assert aside.read_bytes() == raw
    assert Path(f"{aside}-wal").read_bytes() == b"half a log"
    assert read_all(home.path) == before


@pytest.mark.parametrize("raw", [b"", b"dear diary" * 1000])
def test_something_else_in_the_place_of_the_database_is_kept(
    home: FullHome, backups: SqliteBackups, raw: bytes
) -> None:
    before, made = read_all(home.path), make(backups)
    home.store.close()
    home.path.write_bytes(raw)
    aside = backups.restore(made, LATER)
    assert aside
    assert aside.read_bytes() == raw
    assert read_all(home.path) == before


def test_a_lost_database_comes_back(home: FullHome, backups: SqliteBackups) -> None:
    before, made = read_all(home.path), make(backups)
    home.store.close()
    home.path.unlink()
    assert backups.restore(made, LATER) is None
    assert read_all(home.path) == before


def test_nothing_is_restored_under_a_program_that_runs(
    home: FullHome, backups: SqliteBackups, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(backups)
    monkeypatch.setattr(copying, "BUSY_SECONDS", 0.1)
    talk = home.transcript.create_conversation("samantha", NOW).id
    with pytest.raises(StoreError, match="Another program"):
        backups.restore(made, LATER)
    home.say(talk, "not lost", None)
    home.store.check()


def test_only_whole_files_of_ours_are_restored(
    home: FullHome, backups: SqliteBackups, tmp_path: Path
) -> None:
    made = make(backups)
    before = read_all(home.path)
    other = tmp_path / "other.db"
    sqlite3.connect(other).execute("CREATE TABLE x (y)").connection.close()
    with pytest.raises(StoreError, match="not a whole database of Companion"):
        backups.restore(other, LATER)
    with pytest.raises(StoreError, match="There is no file"):
        backups.restore(tmp_path / "none.db", LATER)
    damage(made)
    with pytest.raises(DamagedError, match="not a whole database"):
        backups.restore(made, LATER)
    assert read_all(home.path) == before


def test_an_erased_word_is_in_no_copy(
    home: FullHome, backups: SqliteBackups, tmp_path: Path
) -> None:
    def traces(word: bytes) -> list[Path]:
        files = [each for each in tmp_path.rglob("*") if each.is_file()]
        return [each for each in files if word in each.read_bytes()]

    made = make(backups)
    half = made.with_name(f"{UNFINISHED}abc")
    half.write_bytes(made.read_bytes())
    assert {made, half} <= set(traces(b"Lisbon"))
    (lisbon,) = [each for each in home.shelf.memories() if each.slot == "home"]
    erased = SqliteEraser(home.store).erase_memory(lisbon.id)
    assert erased.backups == 1
    assert traces(b"Lisbon") == []
    make(backups)
    assert traces(b"Zebrafinch")
    (talk, *_) = home.transcript.conversations()
    assert SqliteEraser(home.store).erase_conversation(talk.id).backups == 1
    make(backups)
    assert SqliteEraser(home.store).erase_everything().backups == 1
    assert traces(b"Zebrafinch") == []
    assert backups.kept() == []


def test_forgetting_and_deleting_reach_the_copies_as_well(
    home: FullHome, backups: SqliteBackups
) -> None:
    made = make(backups)
    home.shelf.forget([home.shelf.memories()[0].id])
    assert not made.exists()
    made = make(backups)
    home.transcript.delete_conversation(home.transcript.conversations()[0].id)
    assert not made.exists()


def test_an_erasure_while_a_copy_is_checked_wins(
    home: FullHome, backups: SqliteBackups, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erase_then_check(path: Path, meant: Path, key: str) -> None:
        SqliteEraser(home.store).erase_everything()
        copying.check_whole(path, meant, key)

    monkeypatch.setattr("companion.store.backups.check_whole", erase_then_check)
    with pytest.raises(StoreError, match="at the same moment"):
        backups.make(NOW)
    assert backups.kept() == []


def test_a_reply_that_was_being_written_is_marked_in_what_comes_back(
    home: FullHome, backups: SqliteBackups
) -> None:
    talk = home.transcript.create_conversation("samantha", NOW).id
    asked = home.say(talk, "hello", None)
    reply = home.transcript.begin_reply(asked, "local", "m", "", home.now)
    home.transcript.keep_partial(reply.id, "half an ans")
    made = make(backups)
    home.store.close()
    backups.restore(made, LATER)
    store = Store(home.path)
    transcript = SqliteTranscript(store)
    transcript.mark_interrupted(datetime.now(UTC) + timedelta(days=400))
    assert transcript.message(reply.id).status == "interrupted"
    store.close()
