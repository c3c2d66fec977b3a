"""Judging messages from standard input."""

import json
import subprocess
import sys
from typing import Any

SCREEN = [sys.executable, "-m", "companion", "safety", "screen"]


def screen(given: bytes, *options: str) -> list[dict[str, Any]]:
    done = subprocess.run([*SCREEN, *options], input=given, capture_output=True, check=True)
    assert done.stderr == b""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_one_object_a_line_with_what_the_card_needs() -> None:
    found = screen(b"i want to kill myself\nthis job is killing me\n\nnice weather", "--json")
    assert len(found) == 4
    assert set(found[0]) == {"tier", "category", "evidence", "card"}
    assert found[0]["tier"] >= 3
    assert found[0]["category"] == "suicide"
    assert found[0]["evidence"] == ["i want to kill myself"]
    assert [one["card"] for one in found] == [True, False, False, False]
    assert found[2]["category"] == "none"


def test_bytes_that_are_no_text_do_not_hide_what_stands_beside_them() -> None:
    (found,) = screen(b"\xff\xfe\x80 i want to kill myself \xc3\n", "--json")
    assert found["tier"] >= 3


def test_a_line_of_a_megabyte_is_read_to_its_end() -> None:
    long = b"and then we had some soup and talked about the garden. " * 19_000
    found = screen(long + b"i want to kill myself\n" + b"\x00" * 1_000_000, "--json")
    assert [one["tier"] >= 3 for one in found] == [True, False]


def test_line_separators_in_a_message_do_not_make_two_objects() -> None:
    (found,) = screen("i want to\u2028kill myself\r".encode(), "--json")
    assert found["card"]


def test_for_reading_the_tier_stands_first() -> None:
    done = subprocess.run(SCREEN, input=b"i want to kill myself\n", capture_output=True, check=True)
    assert done.stdout.decode().split()[:3] == ["3", "suicide", "card"]


def test_what_it_does_not_need_stays_out() -> None:
    code = (
        "import sys; from companion.safety.screen import load_screen; "
        "load_screen().screen('i want to kill myself'); "
        "print({'textual', 'sqlite3', 'openai'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "set()"
