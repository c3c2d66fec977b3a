"""The lock as a person uses it: real files, a real SQLCipher, pipes and a terminal."""

import contextlib
import json
import os
import pty
import select
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import keyring
import pytest
from keyring.backends import fail

from cli.test_portable import companion, home, refuse, run
from companion.store.connecting import derive_key, opens, read_salt
from memory_keyring import MemoryKeyring

__all__ = ["home"]

WORDS, OTHER = b"a hill over the river\n", b"the old red bicycle\n"


def words(passphrase: bytes) -> str:
    return passphrase.decode().strip()


@pytest.fixture(autouse=True)
def own_keyring(system_keyring: MemoryKeyring) -> MemoryKeyring:
    return system_keyring


@pytest.fixture
def locked(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    run(home, "lock", "on", given=WORDS)
    monkeypatch.setenv("COMPANION_PASSPHRASE", words(WORDS))
    return home


def test_lock_use_change_unlock(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(home, "backup")
    before = run(home, "memory", "list", "--json")
    assert run(home, "lock") == "Nothing is locked. companion lock on does it.\n"
    _, out, err = companion(home, "lock", "on", given=WORDS)
    assert out.startswith("Locked, with 1 backup. The chat asks")
    assert "forgets the passphrase loses everything" in err
    assert "copies that you put elsewhere, are as they were" in err
    assert run(home, "lock") == "Locked. The passphrase is not in the keyring.\n"
    assert "It is locked already" in refuse(home, "lock", "on", given=WORDS)
    for command in (["memory", "list"], ["say", "hello"], ["export"], ["backup"], ["restore"]):
        assert "is locked. Open it in a terminal" in refuse(home, *command)
    monkeypatch.setenv("COMPANION_PASSPHRASE", words(WORDS))
    assert run(home, "memory", "list", "--json") == before
    _, out, err = companion(home, "lock", "change", given=OTHER)
    assert out == "The new passphrase holds, with 1 backup.\n"
    assert "Copies that you put elsewhere still open with the old passphrase." in err
    assert "That passphrase does not open" in refuse(home, "memory", "list")
    assert "That passphrase does not open" in refuse(home, "lock", "off")
    monkeypatch.setenv("COMPANION_PASSPHRASE", words(OTHER))
    assert run(home, "memory", "list", "--json") == before
    run(home, "backup")
    run(home, "restore", "--yes")
    assert run(home, "memory", "list", "--json") == before
    out = run(home, "lock", "off")
    assert out.startswith("Open, with 3 backups.")
    monkeypatch.delenv("COMPANION_PASSPHRASE")
    assert run(home, "memory", "list", "--json") == before
    assert "Nothing is locked" in refuse(home, "lock", "off")


def test_nothing_that_a_replay_was_answered_stays_clear(home: Path, tmp_path: Path) -> None:
    replays = home / "cache" / "replays"
    (replays / "playing-1-x").mkdir(parents=True)
    kept, other = tmp_path / "kept.jsonl", tmp_path / "other.txt"
    for file in (replays / "1.jsonl", replays / "playing-1-x" / "companion.db", other):
        file.write_text("She lives in Zebrafinch")
    os.link(replays / "1.jsonl", kept)
    (replays / "link").symlink_to(other)
    refuse_words(home, b"short\n")
    assert len(list(replays.iterdir())) == 3
    run(home, "lock", "on", given=WORDS)
    assert list(replays.iterdir()) == []
    assert set(kept.read_bytes()) == {0}, "it is overwritten before it goes"
    assert other.read_text() == "She lives in Zebrafinch"


@pytest.mark.parametrize(("many", "told"), [(0, ""), (1, "1 copy"), (2, "2 copies")])
def test_it_is_said_before_a_damaged_copy_goes(home: Path, many: int, told: str) -> None:
    backups = home / "data" / "backups"
    backups.mkdir()
    for number in range(many):
        damaged = backups / f"companion-2026010{number + 1}T000000Z-damaged.db"
        damaged.write_bytes(b"conversations, half of them" * 300)
    (backups / "companion-20260105T000000Z-replaced.db").write_bytes(b"")
    status, _, err = companion(home, "lock", "on", given=b"short\n")
    assert status == 1
    assert (f"{told} of a damaged database" in err) == bool(many)
    assert len(list(backups.glob("*-damaged.db"))) == many


def test_a_damaged_copy_is_overwritten_before_it_goes(home: Path, tmp_path: Path) -> None:
    backups, kept = home / "data" / "backups", tmp_path / "kept"
    backups.mkdir()
    damaged = backups / "companion-20260101T000000Z-damaged.db"
    damaged.write_bytes(b"conversations, half of them" * 300)
    os.link(damaged, kept)
    _, _, err = companion(home, "lock", "on", given=WORDS)
    assert "could not be locked: 1 damaged copy.\n" in err
    assert not damaged.exists()
    assert set(kept.read_bytes()) == {0}


def test_the_passphrase_may_lie_in_a_file(
    locked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMPANION_PASSPHRASE")
    file = tmp_path / "secret"
    monkeypatch.setenv("COMPANION_PASSPHRASE_FILE", str(file))
    assert "secret cannot be read: No such file" in refuse(locked, "memory", "list")
    file.write_bytes(WORDS.replace(b"\n", b"\r\n") + b"a second line")
    run(locked, "memory", "list")
    file.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in refuse(locked, "memory", "list")


def test_the_keyring_keeps_it_if_asked_to(
    locked: Path, own_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert own_keyring.kept == {}
    run(locked, "lock", "remember")
    monkeypatch.delenv("COMPANION_PASSPHRASE")
    assert json.loads(run(locked, "lock", "--json")) == {"locked": True, "remembered": True}
    run(locked, "memory", "list")
    assert "The keyring has the new one, too." in run(locked, "lock", "change", given=OTHER)
    run(locked, "memory", "list")
    assert list(own_keyring.kept.values()) == [words(OTHER)]
    run(locked, "lock", "forget")
    assert own_keyring.kept == {}
    assert "is locked" in refuse(locked, "memory", "list")
    assert "has no passphrase" in refuse(locked, "lock", "forget")
    own_keyring.locked = True
    assert "is locked. Open it in a terminal" in refuse(locked, "memory", "list")
    assert "Failed to unlock the collection" in refuse(locked, "lock", "forget")


def test_a_system_without_a_keyring_is_not_asked_to_unlock_it(locked: Path) -> None:
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    told = refuse(locked, "lock", "remember")
    assert "has no keyring that can be reached. Install one" in told
    assert "Unlock" not in told
    run(locked, "lock", "change", given=OTHER)


@pytest.mark.parametrize("given", ["caf\u00e9 by the river", "cafe\u0301 by the river"])
def test_an_accent_opens_it_however_it_is_typed(
    home: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    path = home / "data/companion.db"
    run(home, "lock", "on", given=f"{given}\n".encode())
    assert opens(path, derive_key("caf\u00e9 by the river", read_salt(path)), 1.0)
    for form in ("NFC", "NFD"):
        monkeypatch.setenv("COMPANION_PASSPHRASE", normalize(form, given))
        run(home, "memory", "list")


def test_a_passphrase_that_is_no_text_is_told_in_a_line(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "is not UTF-8 text. "
    assert told in refuse_words(home, b"\xff" * 9)
    status, said = type_into(home, "lock", "on", lines=[b"\xff" * 9 + b"\n"] * 2)
    assert status == 1
    assert told in said.splitlines()[-1]
    run(home, "lock", "on", given=WORDS)
    status, said = type_into(home, "memory", "list", lines=[b"\xff" * 9 + b"\n"])
    assert status == 1
    assert told in said.splitlines()[-1]
    monkeypatch.setenv("COMPANION_PASSPHRASE", "\udcff" * 9)
    assert f"COMPANION_PASSPHRASE {told}" in refuse(home, "memory", "list")


def test_unlocking_takes_it_out_of_the_keyring(locked: Path, own_keyring: MemoryKeyring) -> None:
    run(locked, "lock", "remember")
    run(locked, "lock", "off")
    assert own_keyring.kept == {}


def test_what_cannot_be_done_changes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / "data/companion.db"
    raw = path.read_bytes()
    assert "too short" in refuse_words(home, b"short\n")
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    assert "pip install 'companion[lock]'" in refuse_words(home, WORDS)
    for command in ("change", "off", "remember"):
        assert "Nothing is locked" in refuse(home, "lock", command)
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "pip install 'companion[keyring]'" in refuse(home, "lock", "forget")
    assert path.read_bytes() == raw


def refuse_words(home: Path, passphrase: bytes) -> str:
    """Return the last line of what ``lock on`` says when it refuses."""
    status, _, err = companion(home, "lock", "on", given=passphrase)
    assert status == 1
    return err.splitlines()[-1]


def test_doctor_says_that_it_is_locked(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = {
        each["check"]: each for each in json.loads(companion(locked, "doctor", "--json")[1])
    }
    assert findings["database"]["says"].endswith("whole, locked")
    monkeypatch.delenv("COMPANION_PASSPHRASE")
    findings = {
        each["check"]: each for each in json.loads(companion(locked, "doctor", "--json")[1])
    }
    assert not findings["database"]["ok"]
    assert "COMPANION_PASSPHRASE" in findings["database"]["says"]


def type_into(home: Path, *arguments: str, lines: list[bytes]) -> tuple[int, str]:
    """Run a command in a terminal of its own and answer each of its questions with a line."""
    ours, theirs = pty.openpty()
    code = (
        "import fcntl, os, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
        "os.execv(sys.executable, [sys.executable, '-m', 'companion', *sys.argv[1:]])"
    )
    environ = {**os.environ, "COMPANION_HOME": str(home)}
    environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    program = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environ,
    )
    os.close(theirs)
    said, asked = "", 0
    while True:
        try:
            piece = os.read(ours, 4096).decode()
        except OSError:
            break
        if not piece:
            break
        said += piece
        if said.endswith(": ") and asked < len(lines):
            os.write(ours, lines[asked])
            asked += 1
    os.close(ours)
    return program.wait(), said


def test_a_terminal_asks_without_showing_what_is_typed(home: Path) -> None:
    status, said = type_into(home, "lock", "on", lines=[WORDS, WORDS])
    assert status == 0, said
    assert "New passphrase: " in said
    assert words(WORDS) not in said
    assert read_salt(home / "data/companion.db")
    status, said = type_into(home, "memory", "list", lines=[OTHER, WORDS])
    assert status == 0, said
    assert "That is not it. Once more: " in said
    assert "Lisbon" in said
    status, said = type_into(home, "memory", "list", lines=[OTHER] * 3)
    assert status == 1
    assert said.count("\n") == 4
    assert "That passphrase does not open" in said
    status, said = type_into(home, "lock", "change", lines=[WORDS, OTHER, WORDS])
    assert status == 1
    assert "The two are not the same" in said
    status, said = type_into(home, "lock", "off", lines=[b"\n"])
    assert status == 1
    assert "is locked" in said


def test_what_is_typed_before_the_chat_is_there_does_not_show(locked: Path) -> None:
    ours, theirs = pty.openpty()
    assert echoes(theirs)
    environ = {**os.environ, "COMPANION_HOME": str(locked), "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "companion"]
    program = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ)
    try:
        wait_until(lambda: not echoes(theirs))
        # Textual turns the echo off, too, but only with its first frame.
        assert not select.select([ours], [], [], 0)[0]
        os.write(ours, b"zebra words")
        said = b""
        while b"\x1b[?1049h" not in said:
            assert select.select([ours], [], [], 60)[0]
            said += os.read(ours, 4096)
        assert b"zebra" not in said
        threading.Thread(target=drain, args=(ours,), daemon=True).start()
        wait_until(lambda: os.write(ours, b"\x11") == 1 and program.poll() is not None)
        assert echoes(theirs)
    finally:
        program.kill()
        program.wait()
        os.close(theirs)


def echoes(terminal: int) -> bool:
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def drain(terminal: int) -> None:
    with contextlib.suppress(OSError):
        while os.read(terminal, 4096):
            pass


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)
