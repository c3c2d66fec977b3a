from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.domain.memory import ForeignTurn
from companion.domain.message import Role
from companion.memory.recall import TurnRecaller
from companion.prompting.budget import measure_passage
from companion.store.database import Store
from companion.store.imports import SqliteImporter
from companion.store.turn_index import SqliteTurnIndex

START = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
SITTINGS = [
    [
        "Bo: How was your week?",
        "Ada: Long. My mother fell and broke her wrist on Tuesday.",
        "Bo: Oh no. Where did it happen?",
        "Ada: In the kitchen, of all places.",
        "Bo: I hope that it heals quickly.",
    ],
    [
        "Ada: I bought a cello at last!",
        "Bo: Which teacher did you find?",
        "Ada: Mr Lindqvist, two streets away.",
        "Bo: My own violin hangs on the wall.",
    ],
    [
        "Ada: We went hiking near the lake and Rusty swam after the ducks.",
        "Bo: Dogs never learn.",
        "Ada: He is eleven, he never will.",
        "Bo: What a day.",
    ],
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(Path(tmp_path_factory.mktemp("recall")) / "companion.db")
    turns = []
    for number, sitting in enumerate(SITTINGS):
        for place, line in enumerate(sitting):
            speaker, _, text = line.partition(": ")
            role = Role.USER if speaker == "Ada" else Role.ASSISTANT
            at = START + timedelta(days=90 * number, minutes=place)
            turns.append(ForeignTurn("talk", f"{number}:{place}", at, speaker, role, text))
    SqliteImporter(store).add(turns, "samantha")
    yield store
    store.close()


@pytest.fixture(scope="module")
def recaller(store: Store) -> TurnRecaller:
    names = {Role.USER: "You", Role.ASSISTANT: "Samantha"}
    return TurnRecaller(SqliteTurnIndex(store), names, measure_passage)


def best(recaller: TurnRecaller, question: str) -> str:
    return recaller.recall(question, NOW)[0].source_id


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When did Ada's mom break her wrist?", "0:1"),
        ("Which instrument does Ada play?", "1:0"),
        ("Which instrument does Bo have?", "1:3"),
        ("Who teaches Ada?", "1:2"),
        ("Where did they go swimming with the dog?", "2:0"),
        ("what did I buy", "1:0"),
    ],
)
def test_the_turn_that_answers_comes_first(
    recaller: TurnRecaller, question: str, answer: str
) -> None:
    assert best(recaller, question) == answer


def test_an_answer_is_found_by_the_question_before_it(recaller: TurnRecaller) -> None:
    found = [item.source_id for item in recaller.recall("Where did it happen?", NOW, 3)]
    assert "0:3" in found


def test_a_time_alone_brings_back_what_was_said_then(recaller: TurnRecaller) -> None:
    found = recaller.recall("What was in March?", NOW)
    assert {item.source_id.split(":")[0] for item in found} == {"0"}


def test_what_comes_back_tells_where_it_is_from(recaller: TurnRecaller) -> None:
    item = recaller.recall("cello", NOW)[0]
    assert (item.conversation, item.speaker, item.role) == ("talk", "Ada", Role.USER)
    assert item.at == START + timedelta(days=90)
    assert item.score > 0


def test_a_budget_of_tokens_is_kept(recaller: TurnRecaller) -> None:
    everything = recaller.recall("Ada mother wrist cello hiking", NOW, 100)
    for tokens in (0, 10, 30, 60):
        fitting = recaller.recall("Ada mother wrist cello hiking", NOW, 100, tokens)
        assert sum(measure_passage(item.text) for item in fitting) <= tokens
        assert [item for item in everything if item in fitting] == fitting
    assert fitting


def test_what_the_prompt_has_already_is_left_out(recaller: TurnRecaller) -> None:
    first, second = recaller.recall("cello", NOW)[:2]
    assert recaller.recall("cello", NOW, known={first.message_id})[0] == second


def test_scores_fall(recaller: TurnRecaller) -> None:
    scores = [item.score for item in recaller.recall("mother cello lake", NOW)]
    assert scores == sorted(scores, reverse=True)


def test_nothing_is_better_than_anything(recaller: TurnRecaller) -> None:
    for question in ("", "?!", "is it the", "zugzwang", '"""', "\0"):
        assert recaller.recall(question, NOW) == []


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=80))
def test_any_text_may_be_asked(recaller: TurnRecaller, question: str) -> None:
    recaller.recall(question, NOW)
