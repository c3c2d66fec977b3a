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
    succeed(home, "say", "My sister Ana is a nurse.")
    sister, work = listed(home)
    assert (sister["kind"], sister["text"]) == ("person", "Ana is their sister.")
    assert work["sources"][0]["text"] == "My sister Ana is a nurse"
    out = succeed(home, "say", "--new", "--show-prompt", "Ana is here")
    assert "They told you before: " in out
    assert "memory 1: Ana is their sister." in out
    assert "memory 2: Their sister Ana is a nurse." in out
    shown = succeed(home, "memory", "show", "1")
    assert shown.startswith("1. Ana is your sister.\n")
    assert 'from "My sister Ana" (message 1 of conversation 1' in shown
    assert "told with message 3 of conversation 2" in shown
    asked = ("say", "--new", "--json", "--show-prompt")
    told = json.loads(succeed(home, *asked, "How is Ana?"))["memories"]
    assert told[0]["sources"][0]["text"] == "My sister Ana"


def test_memories_are_written_and_put_right(home: Path) -> None:
    assert "Kept as number 1: You live in Graz." in succeed(home, "memory", "add", "I live in Graz")
    out = succeed(home, "memory", "edit", "1", given="I live in Linz\n")
    assert out == "Kept as number 2: You live in Linz.\n"
    assert "is pinned: You live in Linz." in succeed(home, "memory", "pin", "2")
    assert "You live in Linz. (pinned)" in succeed(home, "memory", "list", "linz")
    assert "replaced by 2" in succeed(home, "memory", "history", "2")
    assert len(listed(home, "--all")) == 2


def test_memories_are_searched_by_any_of_the_words(home: Path) -> None:
    for text in ("My sister Ana is a nurse.", "I live in Graz.", "I love the mountains."):
        succeed(home, "memory", "add", text)
    found = json.loads(succeed(home, "memory", "search", "where is graz", "mountain", "--json"))
    assert {each["text"] for each in found} == {"They live in Graz.", "They like the mountains."}
    assert "Graz" in succeed(home, "memory", "search", "graz", "--limit", "1")
    assert "Nothing of that kind" in succeed(home, "memory", "search", '"(*', "NEAR", "xylophone")


def test_memories_move_to_another_home_and_back(home: Path, tmp_path: Path) -> None:
    succeed(home, "say", "My sister Ana is a nurse. I have an exam on 3 March 2031.")
    succeed(home, "memory", "pin", "1")
    (tmp_path / "other").mkdir()
    file, other = tmp_path / "mine.jsonl", make_home(tmp_path / "other")
    assert "Wrote 3 memories" in succeed(home, "memory", "export", "--to", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert "is there already" in fail(home, "memory", "export", "--to", str(file))
    assert "There are 3" in succeed(other, "memory", "import", str(file), "--dry-run")
    assert listed(other) == []
    assert "She remembers 3 memories more" in succeed(other, "memory", "import", str(file))
    assert "3 she knew already" in succeed(other, "memory", "import", str(file))
    same = ("kind", "subject", "slot", "value", "text", "said_at", "since", "until", "pinned")
    assert [{key: each[key] for key in same} for each in listed(other)] == [
        {key: each[key] for key in same} for each in listed(home)
    ]


def test_memories_come_from_plain_sentences(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "about-me.txt"
    file.write_text("- I live in Graz\n\nMy dog is called Bello.\n", encoding="utf-8")
    taken = json.loads(succeed(home, "memory", "import", str(file), "--json"))
    assert taken == {"added": 2, "known": 0, "different": 0}
    file.write_text("I live in Linz\n", encoding="utf-8")
    assert "1 she knows otherwise" in succeed(home, "memory", "import", str(file))
    assert "- You live in Graz. (place" in read_markdown(home, tmp_path / "mine.md")
    (tmp_path / "other").mkdir()
    other = make_home(tmp_path / "other")
    assert "made for reading" in fail(other, "memory", "import", str(tmp_path / "mine.md"))
    assert listed(other) == []


def read_markdown(home: Path, file: Path) -> str:
    succeed(home, "memory", "export", "--to", str(file))
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"kind": "person"', "Line 2 cannot be taken in: it is not JSON"),
        ('{"kind": "ghost", "slot": "a", "text": "b"}', "kind is no part of a memory"),
        ("x" * 65_000, "it is too long for a memory"),
        ("x" * 301, "Line 2 cannot be taken in: it is longer than 300 characters"),
        ("\u20ac", "it is not UTF-8"),
        ("\x07", "There is nothing in that memory"),
    ],
)
def test_a_broken_file_of_memories_brings_nothing(
    home: Path, tmp_path: Path, line: str, complaint: str
) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(b"I live in Graz\n" + line.encode("cp1252") + b"\n")
    assert complaint in fail(home, "memory", "import", str(file))
    assert listed(home) == []


def test_what_is_forgotten_is_gone_from_the_file(home: Path) -> None:
    succeed(home, "say", "My aunt Zebrafinch is visiting. I live in Graz.")
    assert run(home, "memory", "forget", "1", given="n\n").stdout.endswith("It stays.\n")
    out = succeed(home, "memory", "forget", "1", "--yes")
    assert out.startswith("Erased: 1 memories. 1 messages come to mind no more")
    assert succeed(home, "memory", "recall", "Zebrafinch", "--json") == "[]\n"
    gone = json.loads(succeed(home, "memory", "forget", "--about", "Graz", "--yes", "--json"))
    assert gone["memories"] == 1
    succeed(home, "history", "delete", "1", "--yes")
    files = (home / "data").glob("companion.db*")
    assert not any(b"Zebrafinch" in file.read_bytes() for file in files)


def test_forgetting_in_a_turn_needs_no_model(home: Path) -> None:
    succeed(home, "say", "My aunt Mia is visiting.")
    out = succeed(home, "say", "Forget what I said about my aunt.")
    assert "let go of one thing I knew about your aunt" in out
    assert "The backups made so far are gone" in out
    assert succeed(home, "memory", "list", "--all") == "Nothing yet.\n"


def test_what_cannot_be_done_is_said(home: Path) -> None:
    assert "There is no memory 9." in fail(home, "memory", "show", "9")
    assert "more than 300 characters" in fail(home, "memory", "add", given="x " * 500_000)
    fail(home, "memory", "forget", status=2)
    fail(home, "memory", "forget", "1", "--about", "x", status=2)
