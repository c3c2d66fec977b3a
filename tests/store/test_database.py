import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from companion.domain.errors import StoreError
from companion.store import database as module
from companion.store.database import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "companion.db"


def test_something_else_in_its_place_is_left_alone(path: Path) -> None:
    path.write_text("dear diary, this is not a database at all" * 100)
    with pytest.raises(StoreError, match="is damaged and was left as it is"):
        Store(path)
    assert path.read_text().startswith("dear diary")


def test_damage_is_found(path: Path) -> None:
    store = Store(path)
    with store.writing() as database:
        for number in range(400):
            database.table("conversations").insert(
                {"persona": f"p{number}" * 50, "created_at": "x", "updated_at": "x"}
            )
    store.forget_traces()
    store.close()
    raw = bytearray(path.read_bytes())
    raw[8192:20480] = b"\xff" * 12288
    path.write_bytes(raw)
    with pytest.raises(StoreError, match="damaged"):
        Store(path).check()


def test_a_newer_file_is_refused(path: Path) -> None:
    store = Store(path)
    with store.writing() as database:
        database.table("_sqlite_migrations").insert(
            {"migration_set": "companion", "name": "9999_future", "applied_at": "x"}
        )
    store.close()
    with pytest.raises(StoreError, match="newer version"):
        Store(path)


def test_a_locked_file_is_explained(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(path).close()
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.1)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    store = Store(path)
    with pytest.raises(StoreError, match="Another program"), store.writing():
        pass
    holder.execute("ROLLBACK")
    with store.writing():
        pass
    store.close()
    holder.close()


def test_a_folder_in_its_place_is_explained(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(path)


def test_a_full_disk_loses_nothing(path: Path) -> None:
    store = Store(path)
    insert = "INSERT INTO conversations (persona, created_at, updated_at) VALUES (?, 'x', 'x')"
    with store.writing() as database:
        database.conn.execute(insert, ("first",))
    pages = store.database.conn.execute("PRAGMA page_count").fetchone()[0]
    store.database.conn.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="full"), store.writing() as database:
        database.conn.execute(insert, ("second" * 10_000,))
    store.database.conn.execute("PRAGMA max_page_count = 1000000")
    store.check()
    with store.reading() as database:
        rows = database.conn.execute("SELECT persona FROM conversations").fetchall()
    assert rows == [("first",)]
    store.close()


def test_many_may_open_a_new_file_at_once(path: Path) -> None:
    code = f"""
from companion.store.database import Store
from pathlib import Path
Store(Path({str(path)!r})).close()
"""
    children = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]
    assert [child.wait(60) for child in children] == [0, 0, 0, 0]
    Store(path).close()


def test_a_failed_transaction_keeps_nothing(path: Path) -> None:
    store = Store(path)

    def write_and_fail() -> None:
        with store.writing() as database:
            database.conn.execute(
                "INSERT INTO conversations (persona, created_at, updated_at) VALUES ('a', '', '')"
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with store.reading() as database:
        assert database["conversations"].count == 0
    store.close()
