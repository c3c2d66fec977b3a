"""A few kills of each activity; ``benchmarks/crash.py`` does a thousand."""

import sqlite3
from contextlib import closing
from pathlib import Path

from crash import kill_many

from companion.store.copies import find_folder
from companion.store.database import Store
from crash_activities import Home, say


def test_nothing_is_lost_whenever_it_is_killed() -> None:
    found = kill_many(32, seed=7)
    assert [len(wrecks) for wrecks in found.values()] == [4] * 8
    assert [each for wrecks in found.values() for each in wrecks if not each.sound] == []


def test_a_loss_would_be_seen(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with closing(Store(home.path)) as store:
        say(store, "kept")
    assert home.look(["said kept", "said gone"]).lost == 1
    folder = find_folder(home.path)
    folder.mkdir()
    (folder / "companion-20261123T200000Z.db").write_bytes(b"half")
    assert home.look().corrupt == 1
    home.path.write_bytes(b"rust" * 4096)
    assert home.look().corrupt == 2


def test_a_reply_that_passes_for_whole_would_be_seen(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with closing(Store(home.path)) as store:
        said = say(store, "hello")
    with closing(sqlite3.connect(home.path)) as connection:
        connection.execute(
            "INSERT INTO messages (conversation_id, parent_id, depth, role, text, status, "
            "backend, created_at) VALUES (?, ?, 1, 'assistant', ?, 'complete', 'near', 'x')",
            (said.conversation_id, said.id, "That is"),
        )
        connection.commit()
    assert home.look().unmarked == 1
