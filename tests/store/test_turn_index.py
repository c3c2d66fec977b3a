import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from companion.domain.message import Status, Timings
from companion.store.database import Store
from companion.store.migrations import m0001_conversations, m0002_moods
from companion.store.sqlite import Database
from companion.store.transcript import SqliteTranscript
from companion.store.turn_index import SqliteTurnIndex

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "companion.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path)
    yield store
    store.close()


def found(store: Store, word: str) -> set[int]:
    return set(SqliteTurnIndex(store).find([[word]], 100).ids)


def say(store: Store, conversation: int, text: str, after: int | None) -> int:
    transcript = SqliteTranscript(store)
    return transcript.add_user_message(conversation, text, "", NOW, parent_id=after).id


def check_index(store: Store) -> None:
    with store.writing() as database:
        database.conn.execute("INSERT INTO turns (turns, rank) VALUES ('integrity-check', 1)")


def test_a_message_is_found_as_soon_as_it_is_kept(store: Store) -> None:
    conversation = SqliteTranscript(store).create_conversation("samantha", NOW).id
    first = say(store, conversation, "My cats were sleeping.", None)
    second = say(store, conversation, "One cat, still asleep.", first)
    assert found(store, "cat") == {first, second}
    assert SqliteTurnIndex(store).find([["cat"]], 100).ids == (second, first)
    assert SqliteTurnIndex(store).find([["cat"], ["sleep"]], 100).ids == (first,)
    check_index(store)


def test_a_reply_is_found_when_it_is_whole(store: Store) -> None:
    transcript = SqliteTranscript(store)
    conversation = transcript.create_conversation("samantha", NOW)
    question = transcript.add_user_message(conversation.id, "Hi", "", NOW, parent_id=None)
    reply = transcript.begin_reply(question, "local", "tiny", "hash", NOW)
    transcript.keep_partial(reply.id, "Hello there zeb")
    assert not found(store, "zeb")
    transcript.end_reply(reply.id, "Hello there zebra", Status.STOPPED, Timings(), NOW)
    assert (found(store, "zeb"), found(store, "zebra")) == (set(), {reply.id})
    assert transcript.message(reply.id).text == "Hello there zebra"
    check_index(store)


def test_what_another_branch_says_does_not_count(store: Store) -> None:
    transcript = SqliteTranscript(store)
    conversation = transcript.create_conversation("samantha", NOW).id
    first = say(store, conversation, "I have a horse", None)
    old = say(store, conversation, "It is called Xanthos", first)
    older = say(store, conversation, "Xanthos eats hay", old)
    new = say(store, conversation, "It is called Balios", first)
    assert (found(store, "xanthos"), found(store, "balios")) == (set(), {new})
    transcript.choose_head(conversation, older)
    assert (found(store, "xanthos"), found(store, "balios")) == ({old, older}, set())
    transcript.choose_head(conversation, None)
    assert not found(store, "horse")
    check_index(store)


def test_a_text_that_changes_is_found_by_its_new_words(store: Store) -> None:
    conversation = SqliteTranscript(store).create_conversation("samantha", NOW).id
    message = say(store, conversation, "the old words", None)
    with store.writing() as database:
        database.conn.execute("UPDATE messages SET text = 'fresh' WHERE id = ?", (message,))
    assert (found(store, "old"), found(store, "fresh")) == (set(), {message})
    check_index(store)


def test_a_deleted_conversation_leaves_no_byte_in_the_index(store: Store, path: Path) -> None:
    transcript = SqliteTranscript(store)
    kept = transcript.create_conversation("samantha", NOW).id
    lost = transcript.create_conversation("samantha", NOW).id
    last_kept = last_lost = None
    for number in range(60):
        last_kept = say(store, kept, f"garden {number} tulip", last_kept)
        last_lost = say(store, lost, f"quetzalcoatl{number} Ärgerniswort", last_lost)
    say(store, lost, "the vorpalblade is on a side branch", None)
    transcript.delete_conversation(lost)
    for file in path.parent.iterdir():
        raw = file.read_bytes().lower()
        for trace in (b"quetzal", b"etzalco", b"argerni", "ärgerni".encode(), b"vorpal"):
            assert trace not in raw, (file, trace)
    assert len(found(store, "garden")) == 60
    check_index(store)
    store.check()


def test_an_older_database_is_indexed_when_it_is_opened(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    old = Database(sqlite3.connect(path, isolation_level=None))
    steps = {"0001_conversations": m0001_conversations, "0002_moods": m0002_moods}
    for step in steps.values():
        step.apply(old)
    old.table("_sqlite_migrations").insert_all(
        [{"migration_set": "companion", "name": name, "applied_at": "x"} for name in steps],
        pk=("migration_set", "name"),
    )
    insert = (
        "INSERT INTO messages (conversation_id, parent_id, depth, role, text, status, created_at)"
        " VALUES (1, ?, ?, 'user', ?, ?, '2026-01-01T00:00:00.000000Z')"
    )
    old.conn.execute("INSERT INTO conversations VALUES (1, '', 'samantha', 'x', 'x', NULL)")
    old.conn.execute(insert, (None, 0, "we saw a heron", "answered"))
    old.conn.execute(insert, (1, 1, "a heron on a branch that was left", "answered"))
    old.conn.execute(insert, (1, 1, "another heron", "unanswered"))
    old.conn.execute("UPDATE conversations SET head_id = 3")
    old.close()
    store = Store(path)
    assert found(store, "herons") == {1, 3}
    check_index(store)
    say(store, 1, "a third heron", 3)
    assert len(found(store, "heron")) == 3
    store.close()


@pytest.mark.parametrize(
    "word", ['"', "a AND (b", "NEAR(x", "col:x", "*", "-", "\0", "' OR 1=1 --"]
)
def test_operators_are_only_words(store: Store, word: str) -> None:
    assert SqliteTurnIndex(store).find([[word]], 10).ids == ()


def test_a_long_posting_is_cut_and_estimated(store: Store) -> None:
    conversation = SqliteTranscript(store).create_conversation("samantha", NOW).id
    last = None
    for number in range(40):
        last = say(store, conversation, "even" if number % 2 else "odd", last)
    posting = SqliteTurnIndex(store).find([["even"]], 5)
    assert (len(posting.ids), posting.whole) == (5, False)
    assert posting.frequency == pytest.approx(20, rel=0.3)
