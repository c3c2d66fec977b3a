"""``companion memory list`` and its like, as a process."""

import json
from pathlib import Path
from typing import Any

import pytest

from mood_program import fail, make_home, run, succeed


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path)


def listed(home: Path, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(succeed(home, "memory", "list", *arguments, "--json"))
    return found


def test_what_is_told_can_be_seen_and_traced(home: Path) -> None:
    assert succeed(home, "memory", "list") == "Nothing yet.\n"
    succeed(home, "say", "My sister Ana is a nurse.")
    sister, work = listed(home)
    assert (sister["kind"], sister["text"]) == ("person", "Ana is their sister.")
    assert "Ana is your sister." in succeed(home, "memory", "list")
    assert work["sources"][0]["text"] == "My sister Ana is a nurse"
    shown = succeed(home, "memory", "show", str(sister["id"]))
    assert 'from "My sister Ana" (message 1 of conversation 1' in shown
    assert "never told" in shown
    out = succeed(home, "say", "--new", "--show-prompt", "Ana is here")
    assert "They told you before: " in out
    assert "memory 1: Ana is their sister." in out
    assert "told with message" in succeed(home, "memory", "show", "1")
    answer = json.loads(succeed(home, "say", "--new", "--show-prompt", "--json", "Ana again"))
    assert [memory["id"] for memory in answer["memories"]] == [1, 2]


def test_memories_are_written_put_right_and_pinned(home: Path) -> None:
    assert "Kept as number 1: You live in Graz." in succeed(home, "memory", "add", "I live in Graz")
    succeed(home, "memory", "add", "I live in Graz.")
    assert len(listed(home)) == 1
    succeed(home, "memory", "add", given="My aunt never eats before noon\n")
    assert listed(home, "aunt")[0]["text"] == "Their aunt never eats before noon"
    assert succeed(home, "memory", "list", "uncle") == "Nothing of that kind.\n"
    out = succeed(home, "memory", "edit", "1", "I live in Linz")
    assert "Kept as number 3: You live in Linz." in out
    history = succeed(home, "memory", "history", "3")
    assert "replaced by 3" in history
    assert [memory["id"] for memory in listed(home)] == [2, 3]
    assert len(listed(home, "--all")) == 3
    assert "is pinned" in succeed(home, "memory", "pin", "3")
    assert listed(home)[1]["pinned"]
    assert "no longer pinned" in succeed(home, "memory", "pin", "3", "--off")
    assert "no longer holds" in fail(home, "memory", "edit", "1", "I live in Wels")


def test_what_is_forgotten_is_gone_from_the_file(home: Path) -> None:
    succeed(home, "say", "My aunt Zebrafinch is visiting. I live in Graz.")
    assert run(home, "memory", "forget", "1", given="n\n").stdout.endswith("It stays.\n")
    out = succeed(home, "memory", "forget", "1", "--yes")
    assert out.startswith("Erased: 1 memories. 1 messages come to mind no more")
    assert [memory["text"] for memory in listed(home, "--all")] == ["They live in Graz."]
    assert succeed(home, "memory", "recall", "Zebrafinch", "--json") == "[]\n"
    gone = json.loads(succeed(home, "memory", "forget", "--about", "Graz", "--yes", "--json"))
    assert gone["memories"] == 1
    assert listed(home, "--all") == []
    assert "nothing to forget" in succeed(home, "memory", "forget", "--about", "Rome", "--yes")
    succeed(home, "history", "delete", "1", "--yes")
    files = (home / "data").glob("companion.db*")
    assert not any(b"Zebrafinch" in file.read_bytes() for file in files)


def test_forgetting_in_a_turn_needs_no_model(home: Path) -> None:
    succeed(home, "say", "My aunt Mia is visiting.")
    out = succeed(home, "say", "Forget what I said about my aunt.")
    assert "let go of one thing I knew about your aunt" in out
    assert listed(home, "--all") == []


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("show", "9"), "There is no memory 9."),
        (("history", "9"), "There is no memory 9."),
        (("pin", "9"), "There is no memory 9."),
        (("edit", "9", "x"), "There is no memory 9."),
        (("forget", "9", "--yes"), "There is no memory 9."),
        (("add", "  "), "There is nothing in that memory."),
        (("add", "x" * 301), "more than 300 characters"),
        (("forget", "--about", "it", "--yes"), "names nothing"),
    ],
)
def test_what_cannot_be_done_is_said(home: Path, command: tuple[str, ...], words: str) -> None:
    assert words in fail(home, "memory", *command)


def test_a_megabyte_is_no_memory(home: Path) -> None:
    assert "more than 300" in fail(home, "memory", "add", given="x " * 500_000)


def test_what_is_used_wrongly_is_explained(home: Path) -> None:
    fail(home, "memory", "forget", status=2)
    fail(home, "memory", "forget", "1", "--about", "x", status=2)
    fail(home, "memory", "show", "0", status=2)
