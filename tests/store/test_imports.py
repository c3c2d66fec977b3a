from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from companion.domain.memory import ForeignTurn, ImportReport
from companion.domain.message import Role, Status
from companion.store.database import Store
from companion.store.imports import SqliteImporter
from companion.store.transcript import SqliteTranscript
from companion.store.turn_index import SqliteTurnIndex

START = datetime(2023, 5, 8, 13, 56, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "companion.db")
    yield store
    store.close()


def turns(count: int, conversation: str = "c1") -> list[ForeignTurn]:
    return [
        ForeignTurn(
            *(conversation, f"D1:{n}", START + timedelta(minutes=n)),
            *(("Ada", Role.USER) if n % 2 else ("Bo", Role.ASSISTANT)),
            text=f"saying number{n}",
        )
        for n in range(count)
    ]


def add(store: Store, given: list[ForeignTurn]) -> ImportReport:
    return SqliteImporter(store).add(given, "samantha")


def test_what_is_imported_reads_like_a_conversation(store: Store) -> None:
    assert add(store, turns(5)) == ImportReport(5, 0, 0)
    transcript = SqliteTranscript(store)
    (conversation,) = transcript.conversations()
    assert (conversation.title, conversation.persona) == ("c1", "samantha")
    assert conversation.updated_at == START + timedelta(minutes=4)
    said = transcript.branch(conversation.id)
    assert [m.text for m in said] == [f"saying number{n}" for n in range(5)]
    assert [m.depth for m in said] == list(range(5))
    assert (said[0].role, said[0].status) == (Role.ASSISTANT, Status.COMPLETE)
    assert (said[1].role, said[1].status) == (Role.USER, Status.ANSWERED)


def test_foreign_names_are_kept(store: Store) -> None:
    add(store, turns(3))
    index = SqliteTurnIndex(store)
    (turn,) = index.turns(index.find([["number2"]], 5).ids)
    assert (turn.source_id, turn.conversation, turn.speaker) == ("D1:2", "c1", "Bo")
    assert index.speakers() == {"Ada", "Bo"}


def test_twice_is_once_and_more_goes_on(store: Store) -> None:
    add(store, turns(3))
    assert add(store, turns(3)) == ImportReport(0, 3, 0)
    assert add(store, turns(5)) == ImportReport(2, 3, 0)
    transcript = SqliteTranscript(store)
    (conversation,) = transcript.conversations()
    assert [m.depth for m in transcript.branch(conversation.id)] == list(range(5))


def test_the_same_name_with_other_words_stays_as_it_was(store: Store) -> None:
    add(store, turns(2))
    assert add(store, [replace(turns(2)[1], text="changed")]) == ImportReport(0, 0, 1)
    assert not SqliteTurnIndex(store).find([["changed"]], 5).ids


def test_conversations_may_alternate(store: Store) -> None:
    pairs = zip(turns(4, "one"), turns(4, "two"), strict=True)
    add(store, [turn for pair in pairs for turn in pair])
    transcript = SqliteTranscript(store)
    assert [c.messages for c in transcript.conversations()] == [4, 4]


def test_nothing_is_kept_where_reading_fails(store: Store) -> None:
    def failing() -> Iterator[ForeignTurn]:
        yield from turns(3)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        SqliteImporter(store).add(failing(), "samantha")
    assert SqliteTranscript(store).conversations() == []
    assert not SqliteTurnIndex(store).find([["saying"]], 5).ids


def test_an_import_is_erased_with_its_names(store: Store, tmp_path: Path) -> None:
    named = [replace(turn, id=f"zyx-{turn.id}", speaker="Rumpelstilz") for turn in turns(30)]
    add(store, named)
    (conversation,) = SqliteTranscript(store).conversations()
    SqliteTranscript(store).delete_conversation(conversation.id)
    for file in tmp_path.iterdir():
        raw = file.read_bytes()
        assert b"zyx-" not in raw
        assert b"Rumpelstilz" not in raw
