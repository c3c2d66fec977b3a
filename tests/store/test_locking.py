"""A locked home: nothing of it can be read without the passphrase, and nothing gets lost."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from unicodedata import normalize

import pytest

from companion.domain.errors import DamagedError, LockedError, StoreError
from companion.domain.locking import Relocked
from companion.store import connecting, copying, database, locking
from companion.store.backups import SqliteBackups
from companion.store.connecting import read_salt
from companion.store.copies import UNFINISHED, find_folder
from companion.store.database import Store
from companion.store.erasing import SqliteEraser
from companion.store.exporting import SqliteExporter
from companion.store.keys import Keys
from companion.store.locking import SqliteLock
from full_home import NOW, FullHome

WORDS = "It's our hill in Zürich"
OTHER = "quite another sentence"
LATER = NOW + timedelta(days=1)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = FullHome(tmp_path_factory.mktemp("full")).fill()
    home.store.close()
    return home.path


@pytest.fixture
def path(full: Path, tmp_path: Path) -> Path:
    path = tmp_path / "companion.db"
    path.write_bytes(full.read_bytes())
    path.chmod(0o600)
    return path


@pytest.fixture
def locked(path: Path) -> Path:
    SqliteLock(path, Keys()).change(WORDS)
    return path


def is_locked(path: Path) -> bool:
    return bool(read_salt(path))


def knowing(*passphrases: str) -> Keys:
    return Keys(lambda: passphrases)


def read_all(path: Path, keys: Keys | None = None) -> list[object]:
    with closing(Store(path, keys)) as store:
        return list(SqliteExporter(store).records())


def find_clear(folder: Path) -> list[Path]:
    """Return the files in which something can be read that was said."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    signs = (b"SQLite format 3", b"Zebrafinch", b"Lisbon", b"conversations")
    return [each for each in files if any(sign in each.read_bytes() for sign in signs)]


def test_locking_and_unlocking_change_no_row(path: Path) -> None:
    before = read_all(path)
    keys = Keys()
    lock = SqliteLock(path, keys)
    assert not lock.is_locked()
    assert find_clear(path.parent)
    assert lock.change(WORDS) == Relocked()
    assert lock.is_locked()
    assert find_clear(path.parent) == []
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_all(path, keys) == read_all(path, knowing(WORDS)) == before
    lock.change("")
    assert not lock.is_locked()
    assert read_all(path) == before


def test_what_is_written_while_it_is_open_is_locked_as_well(locked: Path) -> None:
    with closing(Store(locked, knowing(WORDS))) as store:
        with store.writing() as rows:
            rows.conn.execute(
                "INSERT INTO conversations (persona, title, created_at, updated_at) "
                "VALUES ('samantha', 'Zebrafinch again', '2026', '2026')"
            )
        log = Path(f"{locked}-wal")
        assert log.stat().st_size
        assert find_clear(locked.parent) == []
        store.check()
        with store.erasing(anew=True) as rows:
            rows.conn.execute("DELETE FROM conversations")
        store.check()
    assert find_clear(locked.parent) == []


@pytest.mark.parametrize("keys", [(), (OTHER,), (OTHER, WORDS.lower())])
def test_without_the_passphrase_nothing_opens_and_nothing_changes(
    locked: Path, keys: tuple[str, ...]
) -> None:
    raw = locked.read_bytes()
    wanted = "does not open" if keys else "COMPANION_PASSPHRASE"
    with pytest.raises(LockedError, match=wanted) as told:
        Store(locked, knowing(*keys))
    assert WORDS not in str(told.value)
    with pytest.raises(LockedError):
        SqliteBackups(locked, knowing(*keys)).make(NOW)
    with pytest.raises(LockedError):
        SqliteLock(locked, knowing(*keys)).change("")
    assert locked.read_bytes() == raw


def test_the_passphrase_is_asked_for_once(locked: Path) -> None:
    asked = []

    def ask() -> Iterator[str]:
        for words in (OTHER, WORDS):
            asked.append(words)
            yield words

    keys = Keys(ask)
    Store(locked, keys).close()
    backups = SqliteBackups(locked, keys)
    made = backups.make(NOW)
    assert made
    backups.compare(made.path)
    Store(locked, keys).close()
    assert asked == [OTHER, WORDS]


@pytest.mark.parametrize("turned", [False, True])
def test_an_accent_opens_what_was_locked_with_the_other_spelling(
    path: Path, *, turned: bool
) -> None:
    first, then = sorted((normalize("NFC", WORDS), normalize("NFD", WORDS)), reverse=turned)
    assert first != then
    SqliteLock(path, Keys()).change(first)
    keys = knowing(then)
    Store(path, keys).close()
    assert keys.known == (first,)


def test_nobody_is_asked_where_nothing_is_locked(path: Path) -> None:
    def ask() -> Iterator[str]:
        raise AssertionError
        yield

    Store(path, Keys(ask)).close()
    assert SqliteBackups(path, Keys(ask)).make(NOW)


def test_another_passphrase_takes_the_place_of_the_old_one(locked: Path) -> None:
    before = read_all(locked, knowing(WORDS))
    made = SqliteBackups(locked, knowing(WORDS)).make(NOW)
    assert made
    assert SqliteLock(locked, knowing(WORDS)).change(OTHER) == Relocked(copies=1)
    for file in (locked, made.path):
        with pytest.raises(LockedError):
            Store(file, knowing(WORDS))
        assert read_all(file, knowing(OTHER)) == before


def test_backups_of_a_locked_home_are_locked_and_come_back(locked: Path) -> None:
    keys = knowing(WORDS)
    before = read_all(locked, keys)
    backups = SqliteBackups(locked, keys)
    made = backups.make(NOW)
    assert made
    assert is_locked(made.path)
    with closing(Store(locked, keys)) as store:
        SqliteEraser(store).erase_memory(1)
        assert backups.kept() == []
        made = backups.make(NOW)
        assert made
    after = read_all(locked, keys)
    assert after != before
    aside = backups.restore(made.path, LATER)
    assert aside
    assert is_locked(aside)
    assert is_locked(locked)
    assert read_all(locked, keys) == after
    assert find_clear(locked.parent) == []


def test_backups_from_before_are_locked_with_it(path: Path) -> None:
    backups = SqliteBackups(path)
    made, older = backups.make(NOW), backups.make(LATER)
    assert made
    assert older
    before = read_all(path)
    folder = find_folder(path)
    (folder / f"{UNFINISHED}abc").write_bytes(path.read_bytes())
    damaged = folder / "companion-20260101T000000Z-damaged.db"
    damaged.write_bytes(b"conversations, half of them" * 300)
    Path(f"{damaged}-wal").write_bytes(b"Lisbon")
    assert SqliteLock(path, Keys()).change(WORDS) == Relocked(copies=2, removed=1)
    assert find_clear(path.parent) == []
    assert read_all(made.path, knowing(WORDS)) == before
    assert SqliteLock(path, knowing(WORDS)).change("") == Relocked(copies=2)
    assert read_all(made.path) == before


def test_a_damaged_copy_that_is_locked_already_stays(locked: Path) -> None:
    whole = locked.read_bytes()
    damaged = find_folder(locked) / "companion-20260101T000000Z-damaged.db"
    damaged.parent.mkdir(exist_ok=True)
    damaged.write_bytes(whole[:8192] + bytes(len(whole) - 8192))
    before = damaged.read_bytes()
    assert SqliteLock(locked, knowing(WORDS)).change(OTHER) == Relocked(broken=1)
    assert damaged.read_bytes() == before


def test_a_copy_with_another_passphrase_is_left(path: Path, tmp_path: Path) -> None:
    made = SqliteBackups(path).make(NOW)
    assert made
    SqliteLock(made.path, Keys()).change(OTHER)
    assert SqliteLock(path, Keys()).change(WORDS) == Relocked(left=1)
    assert read_all(made.path, knowing(OTHER))


@pytest.mark.parametrize(("backup", "present"), [("", WORDS), (WORDS, ""), (OTHER, WORDS)])
def test_a_backup_with_another_lock_comes_back_under_the_present_one(
    path: Path, tmp_path: Path, backup: str, present: str
) -> None:
    before = read_all(path)
    made = SqliteBackups(path).make(NOW, tmp_path / "stick")
    assert made
    if backup:
        SqliteLock(made.path, Keys()).change(backup)
    with closing(Store(path)) as store:
        SqliteEraser(store).erase_everything()
    if present:
        SqliteLock(path, Keys()).change(present)
    keys = knowing(present, backup)
    aside = SqliteBackups(path, keys).restore(made.path, LATER)
    assert aside
    assert is_locked(path) == is_locked(aside) == bool(present)
    assert read_all(path, knowing(present)) == before
    names = {each.name for each in path.parent.iterdir() if each.is_file()}
    assert names == {path.name}


def test_a_lost_locked_home_comes_back_locked(locked: Path) -> None:
    keys = knowing(WORDS)
    before, made = read_all(locked, keys), SqliteBackups(locked, keys).make(NOW)
    assert made
    locked.unlink()
    assert SqliteBackups(locked, knowing(WORDS)).restore(made.path, LATER) is None
    assert is_locked(locked)
    assert read_all(locked, knowing(WORDS)) == before


@pytest.mark.parametrize("place", [slice(5000, 60_000), slice(100, 3000)], ids=["later", "first"])
def test_damage_to_a_locked_home_is_told_and_mended(locked: Path, place: slice) -> None:
    before, keys = read_all(locked, knowing(WORDS)), knowing(WORDS)
    made = SqliteBackups(locked, keys).make(NOW)
    assert made
    raw = bytearray(locked.read_bytes())
    raw[place] = b"\xff" * (place.stop - place.start)
    locked.write_bytes(raw)
    with pytest.raises(DamagedError), closing(Store(locked, knowing(WORDS))) as store:
        store.check()
    backups = SqliteBackups(locked, knowing(WORDS))
    assert backups.compare(made.path).damaged
    aside = backups.restore(made.path, LATER)
    assert aside
    assert aside.read_bytes() == raw
    assert read_all(locked, knowing(WORDS)) == before


@pytest.mark.parametrize("has_backup", [True, False])
def test_a_wrong_passphrase_and_a_damaged_first_page_may_look_alike(
    locked: Path, has_backup: bool
) -> None:
    if has_backup:
        assert SqliteBackups(locked, knowing(WORDS)).make(NOW)
    with pytest.raises(LockedError) as told:
        Store(locked, knowing(OTHER))
    assert ("may be damaged: companion restore --help" in str(told.value)) != has_backup
    if not has_backup:
        raw = bytearray(locked.read_bytes())
        raw[100:3000] = b"\xff" * 2900
        locked.write_bytes(raw)
        with pytest.raises(LockedError, match="may be damaged: companion restore --help"):
            Store(locked, knowing(WORDS))


def test_a_backup_with_the_next_passphrase_does_not_make_the_database_damaged(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(connection: sqlite3.Connection, path: Path, key: str) -> None:
        if path == locked:
            raise KeyboardInterrupt
        replace(connection, path, key)

    assert SqliteBackups(locked, knowing(WORDS)).make(NOW)
    replace = locking._replace
    monkeypatch.setattr(locking, "_replace", die)
    with pytest.raises(KeyboardInterrupt):
        SqliteLock(locked, knowing(WORDS)).change(OTHER)
    with pytest.raises(LockedError, match="does not open"):
        Store(locked, knowing(OTHER))
    Store(locked, knowing(OTHER, WORDS)).close()


def test_what_only_looks_like_rubbish_is_damaged_not_locked(tmp_path: Path) -> None:
    path = tmp_path / "companion.db"
    for raw in (b"", b"dear diary" * 1000, bytes(range(200)) * 100, bytes(9000)):
        path.write_bytes(raw)
        assert not is_locked(path)
    assert not is_locked(tmp_path / "nothing")


def test_nothing_is_locked_under_a_program_that_runs(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In a process of its own: two libraries of SQLite in one do not see each other's locks.
    monkeypatch.setattr(locking, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    code = """
import sys
from pathlib import Path
from companion.store.database import Store
store = Store(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
with store.writing() as database:
    database.conn.execute("UPDATE conversations SET title = 'said meanwhile'")
store.close()
"""
    program = subprocess.Popen(
        [sys.executable, "-c", code, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout
    assert program.stdout.readline() == "open\n"
    with pytest.raises(StoreError, match="Another program"):
        SqliteLock(path, Keys()).change(WORDS)
    assert not is_locked(path)
    program.communicate()
    assert program.returncode == 0
    SqliteLock(path, Keys()).change(WORDS)
    with closing(Store(path, knowing(WORDS))) as store, store.reading() as rows:
        assert (
            rows.conn.execute("SELECT title FROM conversations").fetchone()[0] == "said meanwhile"
        )


def test_who_waits_while_it_is_locked_gets_the_new_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
import sys
from contextlib import closing
from pathlib import Path
from companion.store.database import Store
from companion.store.keys import Keys
print("begin", flush=True)
with closing(Store(Path(sys.argv[1]), Keys(lambda: [sys.argv[2]]))) as store:
    with store.writing() as database:
        database.conn.execute("UPDATE conversations SET title = 'said while it was locked'")
"""
    waiting: list[subprocess.Popen[str]] = []
    check = copying.check_whole

    def start_somebody(fresh: Path, meant: Path, key: str) -> None:
        program = subprocess.Popen(
            [sys.executable, "-c", code, path, WORDS], stdout=subprocess.PIPE, text=True
        )
        assert program.stdout
        program.stdout.readline()
        waiting.append(program)
        check(fresh, meant, key)

    monkeypatch.setattr(locking, "check_whole", start_somebody)
    SqliteLock(path, Keys()).change(WORDS)
    waiting[0].communicate()
    assert waiting[0].returncode == 0
    with closing(Store(path, knowing(WORDS))) as store, store.reading() as rows:
        title = rows.conn.execute("SELECT title FROM conversations").fetchone()[0]
    assert title == "said while it was locked"


@pytest.mark.parametrize("step", ["check_whole", "publish", "overwrite"])
@pytest.mark.parametrize(("before", "after"), [("", WORDS), (WORDS, OTHER), (WORDS, "")])
def test_a_kill_leaves_the_one_or_the_other(path: Path, step: str, before: str, after: str) -> None:
    if before:
        SqliteLock(path, Keys()).change(before)
    expected = read_all(path, knowing(before))
    assert SqliteBackups(path, knowing(before)).make(NOW)
    code = f"""
import os, signal, sys
from pathlib import Path
from companion.store import locking
from companion.store.keys import Keys
locking.{step} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
locking.SqliteLock(Path(sys.argv[1]), Keys(lambda: [sys.argv[2]])).change(sys.argv[3])
"""
    killed = subprocess.run([sys.executable, "-c", code, path, before, after], check=False)
    assert killed.returncode == -signal.SIGKILL
    for _ in range(2):
        keys = knowing(*filter(None, (before, after)))
        assert read_all(path, keys) == expected
        (made,) = SqliteBackups(path, keys).kept()
        assert read_all(made.path, keys) == expected
        SqliteLock(path, keys).change(after)
    assert is_locked(path) == is_locked(made.path) == bool(after)
    if after:
        assert find_clear(path.parent) == []


def test_a_full_disk_leaves_everything_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    before = read_all(path)
    monkeypatch.setattr(locking, "check_whole", refuse)
    with pytest.raises(StoreError, match="Make room and try again"):
        SqliteLock(path, Keys()).change(WORDS)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert read_all(path) == before


def test_without_sqlcipher_one_line_says_how_to_get_it(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    with pytest.raises(StoreError, match=r"pip install 'companion\[lock\]'"):
        Store(locked, knowing(WORDS))
    with pytest.raises(StoreError, match=r"pip install 'companion\[lock\]'"):
        SqliteLock(locked, knowing(WORDS)).change("")


def test_any_tool_that_speaks_sqlcipher_opens_it(locked: Path) -> None:
    with closing(connecting.load_sqlcipher().connect(str(locked))) as tool:
        quoted = WORDS.replace("'", "''")
        tool.execute(f"PRAGMA key = '{quoted}'")
        assert tool.execute("SELECT COUNT(*) FROM messages").fetchone() == (11,)
        assert tool.execute("PRAGMA cipher_integrity_check").fetchall() == []


def test_noise_in_the_place_of_a_database_can_be_moved_away(path: Path) -> None:
    before, made = read_all(path), SqliteBackups(path).make(NOW)
    assert made
    path.write_bytes(bytes(range(255, -1, -1)) * 40)
    with pytest.raises(LockedError, match="If you never locked it, it is damaged: move it away"):
        SqliteBackups(path).restore(made.path, LATER)
    path.rename(path.with_name("moved away"))
    SqliteBackups(path).restore(made.path, LATER)
    assert read_all(path) == before
