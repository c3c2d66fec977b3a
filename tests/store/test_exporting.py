"""Everything that is kept goes out and comes back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from companion.domain.errors import ImportFormatError
from companion.domain.records import MessageRecord, Record
from companion.store.database import Store
from companion.store.exporting import SqliteExporter
from companion.store.memories import SqliteMemoryShelf
from companion.store.restoring import SqliteRestorer
from companion.store.tables import TABLES
from companion.store.transcript import SqliteTranscript
from companion.store.turn_index import SqliteTurnIndex
from full_home import NOW, FullHome

LEFT_OUT = {
    "messages": {"writer_pid", "on_branch"},
    "noticing": {"id", "read_up_to", "thought_up_to"},
    "vectors": {"message_id", "encoder", "vector"},
}
"""Columns that are of this machine or follow from the others."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[FullHome]:
    home = FullHome(tmp_path / "one").fill()
    yield home
    home.store.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "two" / "companion.db")
    yield store
    store.close()


def export(store: Store) -> list[Record]:
    return list(SqliteExporter(store).records())


def test_every_column_is_exported_or_left_out_on_purpose(home: FullHome) -> None:
    kept = {table.name: set(table.fields) for table in TABLES}
    names = home.store.database.table_names()
    own = [n for n in names if not n.startswith(("sqlite_", "_", "turns", "memory_words"))]
    for name in own:
        columns = {column.name for column in home.store.database[name].columns}
        assert columns - kept.get(name, set()) == LEFT_OUT.get(name, set()), name


def test_there_is_something_of_everything(home: FullHome) -> None:
    kinds = {record.record for record in export(home.store)}  # type: ignore[attr-defined]
    present = set(home.store.database.table_names())
    assert kinds == {table.kind for table in TABLES if table.name in present}


def test_an_empty_home_becomes_the_same(home: FullHome, other: Store) -> None:
    given = export(home.store)
    report = SqliteRestorer(other).restore(given)
    assert export(other) == given
    assert (sum(report.added.values()), report.known) == (len(given), 0)
    for conversation in SqliteTranscript(home.store).conversations():
        branches = [SqliteTranscript(s).branch(conversation.id) for s in (home.store, other)]
        assert branches[0] == branches[1]
    shelves = [SqliteMemoryShelf(store).memories(closed=True) for store in (home.store, other)]
    assert shelves[0] == shelves[1]
    indexes = [
        SqliteTurnIndex(store).find([["parrot", "live"]], 9) for store in (home.store, other)
    ]
    assert indexes[0] == indexes[1]
    assert SqliteMemoryShelf(other).unread() == []
    other.check()


def test_twice_is_once(home: FullHome, other: Store) -> None:
    given = export(home.store)
    SqliteRestorer(other).restore(given)
    for store in (home.store, other):
        report = SqliteRestorer(store).restore(given)
        assert (dict(report.added), report.known) == ({}, len(given))
        assert export(store) == given


def test_what_is_here_stays_and_what_is_new_comes_beside_it(home: FullHome, tmp_path: Path) -> None:
    own = FullHome(tmp_path / "own")
    talk = own.transcript.create_conversation("samantha", NOW - timedelta(days=1)).id
    said = own.say(talk, "I was here before", None)
    given = export(home.store)
    report = SqliteRestorer(own.store).restore(given)
    assert sum(report.added.values()) == len(given)
    assert own.transcript.branch(talk) == [said]
    texts = [[m.text for m in own.transcript.branch(c.id)] for c in own.transcript.conversations()]
    assert ["Hi.", "I lived in Zebrafinch", "Oh."] in texts
    assert SqliteRestorer(own.store).restore(given).known == len(given)
    (lisbon,) = [each for each in own.shelf.memories() if each.slot == "home"]
    assert [each.value for each in own.shelf.history(lisbon.id)] == ["Zebrafinch", "Lisbon"]
    assert lisbon.sources[0].text == "I live in Lisbon."
    own.store.close()


def test_what_went_on_elsewhere_goes_on_here(home: FullHome, other: Store) -> None:
    SqliteRestorer(other).restore(export(home.store))
    (talk,) = [c for c in home.transcript.conversations() if c.title == "Where I live"]
    more = home.say(talk.id, "And now?", talk.head_id)
    home.answer(more, "Now we go on.")
    report = SqliteRestorer(other).restore(export(home.store))
    assert report.added == {"message": 2, "reply_chunks": 1}
    said = [message.text for message in SqliteTranscript(other).branch(talk.id)]
    assert said == ["Hi.", "I lived in Zebrafinch", "Oh.", "And now?", "Now we go on."]


def test_all_of_it_or_nothing(home: FullHome, other: Store) -> None:
    def failing() -> Iterator[Record]:
        yield from export(home.store)[:20]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        SqliteRestorer(other).restore(failing())
    assert export(other) == []
    SqliteRestorer(other).restore(export(home.store))


@pytest.mark.parametrize(
    "change",
    [
        {"parent_id": 999},
        {"conversation_id": 999},
        {"id": 2**53 - 1},
    ],
)
def test_what_contradicts_itself_is_refused(
    home: FullHome, other: Store, change: dict[str, int]
) -> None:
    given = export(home.store)
    places = [n for n, each in enumerate(given) if isinstance(each, MessageRecord)]
    given[places[1]] = given[places[1]].model_copy(update=change)
    with pytest.raises(ImportFormatError, match="Nothing was imported"):
        SqliteRestorer(other).restore(given)
    assert export(other) == []
