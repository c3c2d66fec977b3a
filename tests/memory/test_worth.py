"""When what was said before is worth telling."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from companion.domain.memory import ForeignTurn, MemoryKind, Recalled
from companion.domain.message import Role
from companion.memory.quoting import shorten
from companion.memory.recall import TurnRecaller
from companion.memory.worth import choose_worthy
from companion.prompting.budget import measure_passage
from companion.store.database import Store
from companion.store.imports import SqliteImporter
from companion.store.turn_index import SqliteTurnIndex

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
SAID = (
    "My sister Clara plays the cello in an orchestra.",
    "I had such a long day at the office.",
    "On Friday I have an interview at the bakery in Porto.",
    "We went hiking with the dog and it rained all day.",
    "I can't sleep, too much coffee again.",
)


@pytest.fixture
def recaller(tmp_path: Path) -> Iterator[TurnRecaller]:
    store = Store(tmp_path / "companion.db")
    turns = []
    for number, text in enumerate(SAID):
        at = NOW - timedelta(days=90 - number)
        turns.append(ForeignTurn("talk", f"u{number}", at, "", Role.USER, text))
        reply = f"She said: {text}" if number == 0 else "I see."
        turns.append(ForeignTurn("talk", f"a{number}", at, "", Role.ASSISTANT, reply))
    SqliteImporter(store).add(turns, "samantha")
    names = {Role.USER: "You", Role.ASSISTANT: "Samantha"}
    yield TurnRecaller(SqliteTurnIndex(store), names, measure_passage)
    store.close()


def worthy(recaller: TurnRecaller, text: str) -> list[str]:
    return [item.source_id for item in choose_worthy(text, recaller.recall(text, NOW, 30))]


@pytest.mark.parametrize(
    "text", ["ok", "good morning", "I'm so tired today", "What should I do?", "thanks!", "😀", ""]
)
def test_small_talk_brings_nothing_back(recaller: TurnRecaller, text: str) -> None:
    assert worthy(recaller, text) == []


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("Do you remember what my sister plays?", "u0"),
        ("What instrument does Clara play?", "u0"),
        ("When was my interview at the bakery?", "u2"),
        ("Did I tell you about the hike?", "u3"),
    ],
)
def test_a_question_about_the_past_is_answered(
    recaller: TurnRecaller, text: str, gold: str
) -> None:
    assert worthy(recaller, text)[0] == gold


def test_a_clear_tie_brings_back_what_it_is_tied_to(recaller: TurnRecaller) -> None:
    assert worthy(recaller, "The bakery in Porto wrote about the interview") == ["u2"]


def test_her_own_words_come_back_only_when_they_are_asked_for(recaller: TurnRecaller) -> None:
    assert "a0" not in worthy(recaller, "Do you remember my sister Clara with the cello?")
    assert "a0" in worthy(recaller, "Do you remember what you said about Clara and her cello?")


def test_a_long_turn_is_quoted_where_it_speaks_of_it() -> None:
    text = "It was a grey day. " * 5 + "Then Clara bought a cello in Porto. " + "We slept. " * 20
    quote = shorten(text, {"clara", "cello"}, 30, measure_passage)
    assert "Clara bought a cello" in quote
    assert quote.startswith("… ")
    assert quote.endswith(" …")
    assert measure_passage(quote) <= 30
    assert shorten("Short.", {"x"}, 30, measure_passage) == "Short."
    assert shorten("word " * 200, {"x"}, 5, measure_passage) == ""
    assert measure_passage(shorten("word " * 200, {"word"}, 20, measure_passage)) <= 20


@pytest.mark.parametrize(
    "said",
    [
        "In my novel my sister Clara plays the cello.",
        'My neighbour sings all day: "My sister Clara plays the cello."',
        "My sister Clara plays the cello with her feet, just kidding.",
    ],
)
def test_what_is_made_up_comes_back_only_as_such(said: str) -> None:
    turn = Recalled(
        *(MemoryKind.TURN, "1", "1", 1, 1, Role.USER, "You", said, 1.0, NOW),
        tie=1.0,
    )
    assert choose_worthy("What does my sister Clara play the cello for?", [turn]) == []
    assert choose_worthy("What was that story about my sister Clara and her cello?", [turn])


def test_who_it_was_is_told_where_the_rest_is_known(recaller: TurnRecaller) -> None:
    assert "u0" in worthy(recaller, "And who had the cello?")
    assert worthy(recaller, "And who is the cello for?") == []
