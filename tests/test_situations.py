"""The situations that test a reply's use of memories, and that no model has learnt them."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from training.exchanges.check import EXEMPLARS, HERE, load
from training.exchanges.variety import copies, near_duplicates

from companion.domain.mood import EMOTIONS

SITUATIONS = Path(__file__).parents[1] / "benchmarks/situations_known.jsonl"


@pytest.fixture(scope="module")
def situations() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SITUATIONS.read_text(encoding="utf-8").splitlines()]


def says(text: str, words: list[str]) -> list[str]:
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.I)]


def test_there_are_as_many_of_each_kind_as_was_planned(situations: list[dict[str, Any]]) -> None:
    kinds = Counter(each["kind"] for each in situations)
    assert kinds == {"fits": 60, "strays": 25, "unknown": 15}
    assert [each["id"] for each in situations] == [f"k{n:03}" for n in range(1, 101)]


def test_each_has_its_form(situations: list[dict[str, Any]]) -> None:
    for each in situations:
        fits = each["kind"] == "fits"
        assert 2 <= len(each["said"]) <= 5, each["id"]
        assert len(each["memories"]) <= 4, each["id"]
        assert bool(each["uses"]) == bool(each["shows"]) == fits, each["id"]
        assert set(each["uses"]) <= set(range(len(each["memories"]))), each["id"]
        assert each["betrays"], each["id"]
        for line in each["said"]:
            assert line["feels"], each["id"]
            assert set(line["feels"]) <= set(EMOTIONS), each["id"]


def test_a_word_that_shows_or_betrays_was_not_said_by_them(
    situations: list[dict[str, Any]],
) -> None:
    for each in situations:
        told = " ".join(line["user"] for line in each["said"])
        assert says(told, each["shows"] + each["betrays"]) == [], each["id"]


def test_nothing_in_them_was_learnt_from(situations: list[dict[str, Any]]) -> None:
    conversations, _ = load(HERE)
    told = [line["user"] for each in situations for line in each["said"]]
    learnt = [turn.user for conversation in conversations for turn in conversation.turns]
    banks = "\n".join(path.read_text(encoding="utf-8") for path in EXEMPLARS.glob("*.toml"))
    learnt += re.findall(r'^user = "(.*)"$', banks, re.M)
    alike = near_duplicates([*told, *learnt], 0.6, 4)
    assert [(told[one], one) for one, _ in alike if one < len(told)] == []
    assert [told[number] for number in copies(told, learnt, 6, 4)] == []
    known = {memory for conversation in conversations for memory in conversation.memories}
    assert not known & {memory for each in situations for memory in each["memories"]}
