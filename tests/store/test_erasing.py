"""What is erased leaves no byte: not in the file, the indexes or the log."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from companion.domain.errors import StoreError
from companion.domain.memories import Keep
from companion.store.database import Store
from companion.store.erasing import SqliteEraser
from companion.store.exporting import SqliteExporter
from companion.store.memories import SqliteMemoryShelf
from companion.store.transcript import SqliteTranscript
from companion.store.turn_index import SqliteTurnIndex
from full_home import HOME, FullHome

SECRETS = ("Zebrafinch", "Lisbon", "Theo", "half a thou", "quiet", "parrot", "Ada", "few words")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[FullHome]:
    home = FullHome(tmp_path).fill()
    yield home
    home.store.close()


def traces(folder: Path, *words: str) -> list[str]:
    raw = b"".join(file.read_bytes() for file in folder.iterdir()).lower()
    return [word for word in words if word.lower().encode() in raw]


def test_everything_leaves_no_byte(home: FullHome, tmp_path: Path) -> None:
    assert traces(tmp_path, *SECRETS) == list(SECRETS)
    erased = SqliteEraser(home.store).erase_everything()
    assert (erased.conversations, erased.messages, erased.memories) == (3, 11, 5)
    assert traces(tmp_path, *SECRETS) == []
    assert list(SqliteExporter(home.store).records()) == []
    home.store.check()
    home.fill()
    assert len(home.shelf.memories()) == 4


def test_what_quotes_it_is_emptied_however_something_is_erased(
    home: FullHome, tmp_path: Path
) -> None:
    quoting = tmp_path / "replays"
    store = Store(home.path, quoting=(quoting,))
    talk = SqliteTranscript(store).conversations()[0]
    (forgotten,) = SqliteMemoryShelf(store).memories()[:1]
    for erase in (
        lambda: SqliteMemoryShelf(store).forget([forgotten.id]),
        lambda: SqliteTranscript(store).delete_conversation(talk.id),
        lambda: SqliteEraser(store).erase_everything(),
    ):
        (quoting / "playing-1-x").mkdir(parents=True)
        (quoting / "half.jsonl").write_text("She lives in Zebrafinch")
        erase()
        assert list(quoting.iterdir()) == []
    store.close()


def test_the_last_traces_go_after_another_program_has_closed(
    home: FullHome, tmp_path: Path
) -> None:
    other = sqlite3.connect(f"file:{home.path}?mode=ro", uri=True, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT COUNT(*) FROM messages").fetchone()
    home.store.database.conn.execute("PRAGMA busy_timeout = 0")
    with pytest.raises(StoreError, match="is closed and Companion is opened again"):
        SqliteEraser(home.store).erase_everything()
    home.store.close()
    other.close()
    assert traces(tmp_path, "Zebrafinch") == ["Zebrafinch"]
    Store(home.path).close()
    assert traces(tmp_path, *SECRETS) == []
    again = sqlite3.connect(home.path)
    assert again.execute("PRAGMA freelist_count").fetchone()[0] == 0
    again.close()


def test_a_conversation_leaves_no_byte(home: FullHome, tmp_path: Path) -> None:
    (talk,) = [c for c in home.transcript.conversations() if c.title == "Where I live"]
    erased = SqliteEraser(home.store).erase_conversation(talk.id)
    assert (erased.conversations, erased.messages, erased.memories) == (1, 6, 1)
    gone = ("Zebrafinch", "Theo", "half a thou", "Where I live")
    assert traces(tmp_path, *gone, "Lisbon") == ["Lisbon"]
    home.store.check()


def test_a_memory_leaves_no_byte_even_where_it_was_said(home: FullHome, tmp_path: Path) -> None:
    talk = home.transcript.create_conversation("samantha", home.now).id
    (lisbon,) = [each for each in home.shelf.memories() if each.slot == "home"]
    other = home.say(talk, "Zebrafinchery is not a word", None)
    erased = SqliteEraser(home.store).erase_memory(lisbon.id)
    assert (erased.memories, erased.messages) == (2, 3)
    (left,) = erased.left_in
    assert "lived in Zebrafinch" in home.transcript.branch(left)[1].text
    assert traces(tmp_path, "Lisbon") == []
    said = [each for each in home.transcript.branch(talk - 2) if "exam" in each.text]
    assert [each.text for each in said] == [f"{'█' * 17} The exam went well"]
    assert home.transcript.message(other.id).text == "Zebrafinchery is not a word"
    assert not SqliteTurnIndex(home.store).find([["lisbon"]], 9).ids
    home.store.check()


def test_the_other_memories_still_know_their_words(home: FullHome) -> None:
    (lisbon,) = [each for each in home.shelf.memories() if each.slot == "home"]
    SqliteEraser(home.store).erase_memory(lisbon.id)
    (exam,) = [each for each in home.shelf.memories() if each.slot == "event:exam"]
    assert len(exam.sources) == 2


def test_a_title_made_of_the_words_goes_with_them(home: FullHome, tmp_path: Path) -> None:
    talk = home.transcript.create_conversation("samantha", home.now).id
    said = home.say(talk, "I live in Quokkaville", None)
    secret = replace(HOME, value="Quokkaville", text="They live in Quokkaville.", end=21)
    home.shelf.learn(said, [Keep(secret)])
    (memory,) = [each for each in home.shelf.memories() if each.value == "Quokkaville"]
    assert SqliteEraser(home.store).erase_memory(memory.id).left_in == ()
    assert traces(tmp_path, "Quokkaville") == []


def test_what_is_not_there_is_named(home: FullHome) -> None:
    with pytest.raises(StoreError, match="no memory 77"):
        SqliteEraser(home.store).erase_memory(77)
    with pytest.raises(StoreError, match="no conversation 77"):
        SqliteEraser(home.store).erase_conversation(77)


DIES = """
import os, signal, sys
from pathlib import Path
from companion.store.database import Store
from companion.store.erasing import SqliteEraser
store = Store(Path(sys.argv[1]))
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
store.forget_traces = die
getattr(SqliteEraser(store), sys.argv[2])(*map(int, sys.argv[3:]))
"""


@pytest.mark.parametrize("what", ["erase_everything", "erase_conversation", "erase_memory"])
def test_a_crash_between_erasing_and_the_log_is_mended_at_the_next_start(
    tmp_path: Path, what: str
) -> None:
    home = FullHome(tmp_path).fill()
    (lisbon,) = [each for each in home.shelf.memories() if each.slot == "home"]
    (talk,) = [c for c in home.transcript.conversations() if "Lisbon" in c.title]
    home.store.close()
    number = {"erase_conversation": [talk.id], "erase_memory": [lisbon.id]}.get(what, [])
    command = [sys.executable, "-c", DIES, str(home.path), what, *map(str, number)]
    died = subprocess.run(command, env={**os.environ}, check=False)
    assert died.returncode == -signal.SIGKILL
    assert traces(tmp_path, "Lisbon") == ["Lisbon"]
    store = Store(home.path)
    try:
        assert traces(tmp_path, "Lisbon") == []
        assert not [m for m in SqliteMemoryShelf(store).memories() if m.value == "Lisbon"]
    finally:
        store.close()
