"""``companion memory summary`` and ``reflection``, as a process."""

import json
from pathlib import Path

import pytest

from mood_program import fail, make_home, succeed


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path)


def test_a_conversation_is_summed_up_with_its_messages(home: Path) -> None:
    assert succeed(home, "memory", "summary") == (
        "Nothing of that conversation is worth a summary yet.\n"
    )
    succeed(home, "say", "My landlord wants to sell the flat where Mara grew up.")
    out = succeed(home, "memory", "summary")
    assert out == (
        "Messages 1 to 2, in your own words:\n"
        "- “My landlord wants to sell the flat where Mara grew up” (message 1)\n"
    )
    (found,) = json.loads(succeed(home, "memory", "summary", "1", "--json"))
    assert found["made_by"] == "rules"
    assert found["sentences"][0]["messages"] == [1]
    assert "There is no conversation 9" in fail(home, "memory", "summary", "9")


def test_what_she_knows_by_now(home: Path) -> None:
    assert succeed(home, "memory", "reflection").startswith("I do not know you yet.")
    assert succeed(home, "memory", "reflection", "--json") == "null\n"
    succeed(home, "say", "My sister Ana is a nurse.")
    succeed(home, "memory", "add", "I live in Graz")
    out = succeed(home, "memory", "reflection")
    assert "- Ana is your sister. (message 1)\n" in out
    assert "- You live in Graz. (written by you)\n" in out
