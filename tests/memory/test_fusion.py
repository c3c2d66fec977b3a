"""The sentence encoder, for real, beside the words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from companion.domain.errors import CompanionError
from companion.domain.memory import ForeignTurn
from companion.domain.message import Role
from companion.encoding import minilm
from companion.encoding.minilm import MiniLmEncoder
from companion.memory.fusion import Fusion
from companion.memory.recall import TurnRecaller
from companion.prompting.budget import measure_passage
from companion.store.database import Store
from companion.store.imports import SqliteImporter
from companion.store.transcript import SqliteTranscript
from companion.store.turn_index import SqliteTurnIndex
from companion.store.vectors import SqliteVectorShelf

START = datetime(2026, 8, 1, tzinfo=UTC)
NOW = START + timedelta(days=90)
SAID = (
    "The work on the roof of our house took weeks.",
    "At work I felt so low that I could not get out of bed in the morning.",
    "The work of the new mayor is a joke.",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "companion.db")
    turns = [
        ForeignTurn("talk", str(number), START + timedelta(days=number), "Ada", Role.USER, text)
        for number, text in enumerate(SAID)
    ]
    SqliteImporter(store).add(turns, "samantha")
    yield store
    store.close()


def test_meaning_moves_the_right_turn_up(store: Store) -> None:
    fusion = Fusion(MiniLmEncoder(), SqliteVectorShelf(store))
    recaller = TurnRecaller(SqliteTurnIndex(store), {}, measure_passage, fusion)
    question = "Did depression keep Ada from work?"
    assert recaller.recall(question, NOW)[0].source_id != "1"
    assert [fusion.learn(2), fusion.learn(2), fusion.learn(2)] == [2, 1, 0]
    found = recaller.recall(question, NOW)
    assert found[0].source_id == "1"
    assert len(found) == 3


def test_likeness_is_that_of_meaning() -> None:
    encoder = MiniLmEncoder()
    dog, puppy, tax = encoder.encode(["My dog is ill.", "The puppy is sick.", "I pay my taxes."])
    near, far, same = encoder.compare(dog, [puppy, tax, dog])
    assert same == pytest.approx(1.0, abs=0.02)
    assert near > 0.5 > far
    assert encoder.compare(dog, []) == []


def test_a_vector_goes_with_its_words(store: Store) -> None:
    shelf = SqliteVectorShelf(store)
    shelf.keep("x", {1: b"one", 2: b"two", 99: b"none"})
    assert shelf.vectors("x", [1, 2, 99]) == {1: b"one", 2: b"two"}
    assert shelf.vectors("other", [1, 2]) == {}
    with store.writing() as database:
        database.conn.execute("UPDATE messages SET text = 'else' WHERE id = 1")
    assert shelf.vectors("x", [1, 2]) == {2: b"two"}
    SqliteTranscript(store).delete_conversation(1)
    assert shelf.vectors("x", [1, 2]) == {}


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = (*minilm._MODEL[:2], "0" * 64)
    monkeypatch.setattr(minilm, "_MODEL", changed)
    with pytest.raises(CompanionError, match="not the one that was checked"):
        MiniLmEncoder().encode(["Hello"])
