"""Backup and restore as a person uses them: real files, a real database."""

import json
from pathlib import Path

import pytest

from cli.test_portable import companion, refuse, run
from companion.store.database import Store
from full_home import FullHome


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    (folder / "data").mkdir(parents=True)
    FullHome(folder / "data").fill().store.close()
    return folder


def messages(home: Path) -> int:
    store = Store(home / "data/companion.db")
    try:
        return int(store.database["messages"].count)
    finally:
        store.close()


def test_back_up_lose_restore(home: Path) -> None:
    assert run(home, "backup").startswith("Copied and checked: ")
    (made,) = json.loads(run(home, "backup", "--list", "--json"))
    assert made["file"] in run(home, "backup", "--list")
    (home / "turn.jsonl").write_bytes(TURN)
    run(home, "import", str(home / "turn.jsonl"))
    assert messages(home) == 12
    out = run(home, "restore", given=b"n\n")
    assert "messages       12" in out
    assert "11" in out
    assert messages(home) == 12
    out = run(home, "restore", "--yes")
    assert "Restored.\nWhat was here is kept as" in out
    assert messages(home) == 11
    told = json.loads(run(home, "restore", made["file"], "--yes", "--json"))
    assert told["before"] == told["after"]
    assert messages(home) == 11
    assert Path(told["set_aside"]).exists()


TURN = (
    b'{"conversation": "a", "id": "1", "at": "2026-11-23T20:00:00Z", "speaker": "Ada", '
    b'"role": "user", "text": "hello"}\n'
)


def test_a_folder_of_ones_own(home: Path, tmp_path: Path) -> None:
    away = tmp_path / "stick" / "deep"
    first = json.loads(run(home, "backup", "--to", str(away), "--json"))
    assert Path(first["file"]).parent == away
    assert Path(first["file"]).stat().st_mode & 0o777 == 0o600
    old = away / "companion-20200101T000000Z.db"
    old.write_bytes(Path(first["file"]).read_bytes())
    (away / "letter.txt").write_text("mine")
    run(home, "backup", "--to", str(away))
    assert old.exists()
    run(home, "backup", "--to", str(away), "--keep", "1")
    assert not old.exists()
    assert (away / "letter.txt").exists()
    assert run(home, "backup", "--list") == "There is no backup yet. companion backup makes one.\n"
    out = run(home, "memory", "erase", "--everything", "--yes")
    assert "backup" not in out
    assert list(away.glob("companion-*.db"))


def test_erasing_says_that_backups_went_with_it(home: Path) -> None:
    run(home, "backup")
    status, out, _ = companion(home, "memory", "erase", "--everything", given=b"n\n")
    assert status == 0
    assert "backups in the data folder go as well" in out
    out = run(home, "memory", "erase", "--everything", "--yes")
    assert "A backup went with it. Copies that you keep elsewhere still have it." in out
    assert not list((home / "data/backups").iterdir())


def test_damage_names_the_command_that_helps(home: Path) -> None:
    run(home, "backup")
    path = home / "data/companion.db"
    path.write_bytes(b"rust" * 5000)
    for command in (["memory", "list"], ["say", "hello"], ["export"], ["backup"]):
        assert "companion restore brings back the backup of" in refuse(home, *command)
    assert companion(home, "doctor")[0] == 1
    assert "companion restore brings back" in companion(home, "doctor")[1]
    assert "The present file is damaged." in run(home, "restore", "--yes")
    assert messages(home) == 11


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert "nothing was said" in refuse(home, "backup")
    assert "There is no backup yet" in refuse(home, "restore")
    assert "There is no file" in refuse(home, "restore", str(tmp_path / "x.db"))
    assert companion(home, "backup", "--keep", "0")[0] == 2
