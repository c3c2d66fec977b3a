"""She remembers what was told, and nothing else: twenty invented lives, played through."""

import asyncio
from collections import Counter

import pytest

from companion.domain.memories import Kind
from life import read_lives
from life_judge import ZEROES, Verdict, figures, judge
from life_player import Played, play

LEAST = {"recalled": 0.68, "kept": 0.75, "expected": 0.98, "follow_ups": 1.0}
"""Shares that were reached when this was written; they may only grow."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> list[Played]:
    return [
        asyncio.run(play(life, tmp_path_factory.mktemp(life.name, numbered=False)))
        for life in read_lives()
    ]


@pytest.fixture(scope="module")
def verdicts(played: list[Played]) -> list[Verdict]:
    return [verdict for each in played for verdict in judge(each)]


@pytest.mark.parametrize("measure", ZEROES)
def test_what_must_never_be(verdicts: list[Verdict], measure: str) -> None:
    looked = [each for each in verdicts if each.measure == measure]
    failed = {f"{each.life}: {each.said[:50]}" for each in looked if not each.holds}
    assert looked
    assert not failed


@pytest.mark.parametrize("measure", LEAST)
def test_what_is_mostly_so(verdicts: list[Verdict], measure: str) -> None:
    figure = figures(verdicts)[measure]
    assert 1 - figure["failed"] / figure["of"] >= LEAST[measure]


def test_every_turn_was_played_and_something_kept_of_every_life(played: list[Played]) -> None:
    assert len(played) >= 20
    for each in played:
        assert len(each.moments) == len(each.life.turns)
        assert any(memory.kind is not Kind.PROMISE for memory in each.moments[-1].memories)


def test_most_lives_are_held_out() -> None:
    halves = Counter(life.held_out for life in read_lives())
    assert halves[True] >= 12
    assert halves[False] >= 8
