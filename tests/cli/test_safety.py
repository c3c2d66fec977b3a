"""Where help is, from the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.test_cli import configure, fail, home, run, say, succeed

__all__ = ["home"]

DOWN = """
backend = "down"

[backends.down]
kind = "openai"
base_url = "http://127.0.0.1:9/v1"
model = "none"
"""


def test_the_card_is_printed_before_the_words_with_the_backend_down(home: Path) -> None:
    configure(home, DOWN)
    out = succeed(home, "say", "i want to kill myself")
    lines = out.splitlines()
    assert lines[0] == "You can talk to somebody right now."
    assert lines[1].startswith("Call or text 988")
    assert "?" in lines[-1]


def test_the_card_is_a_field_in_json(home: Path) -> None:
    succeed(home, "safety", "country", "gb")
    crisis = say(home, "i want to kill myself")["crisis"]
    assert crisis["tier"] >= 2
    assert crisis["category"] == "suicide"
    assert crisis["card"]["country"] == "the United Kingdom"
    assert crisis["card"]["lines"][0]["call"] == "116 123"
    assert "crisis" not in say(home, "--new", "what a lovely day")


def test_the_country_is_kept_and_never_guessed(home: Path) -> None:
    assert "Not said yet" in succeed(home, "safety", "country")
    assert "Germany" in succeed(home, "safety", "country", "de")
    assert succeed(home, "safety", "country") == "DE\n"
    assert "0800 111 0 111" in succeed(home, "safety", "helplines")
    assert "no country code" in fail(home, "safety", "country", "Germany", status=2)
    assert succeed(home, "safety", "country") == "DE\n"


def test_helplines_of_another_country(home: Path) -> None:
    found = json.loads(succeed(home, "safety", "helplines", "NZ", "--json"))
    assert found["emergency"] == "111"
    assert found["lines"][0]["call"] == "1737"
    assert found["lines"][0]["checked"] == "2026-11-25"


def test_a_plan_is_written_shown_and_erased(home: Path) -> None:
    assert "no safety plan yet" in succeed(home, "safety", "plan")
    succeed(home, "safety", "plan", "--set", "trusted", "Ana, 0171 2345")
    assert "My trusted contact\n  Ana, 0171 2345" in succeed(home, "safety", "plan")
    assert json.loads(succeed(home, "safety", "plan", "--json"))["trusted"] == "Ana, 0171 2345"
    assert "Ana, 0171 2345" in succeed(home, "say", "i want to kill myself")
    succeed(home, "safety", "plan", "--erase")
    assert "no safety plan yet" in succeed(home, "safety", "plan")
    assert "signs" in fail(home, "safety", "plan", "--set", "nothing", "x", status=2)


@pytest.mark.skipif(os.name == "nt", reason="the editor of this test is a shell script")
def test_a_plan_is_written_in_an_editor(home: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import sys, pathlib\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "text = file.read_text()\n"
        "lines = text.splitlines()\n"
        "at = next(i for i, line in enumerate(lines) if line.startswith('# [helps]'))\n"
        "lines.insert(at + 1, 'tea\\nthe river')\n"
        "file.write_text('\\n'.join(lines))\n"
    )
    succeed(home, "safety", "plan", "--set", "signs", "no sleep")
    environ = {"EDITOR": f"{sys.executable} {editor}", "VISUAL": ""}
    result = run(home, "safety", "plan", "--edit", environ=environ)
    assert result.returncode == 0, result.stderr
    plan = json.loads(succeed(home, "safety", "plan", "--json"))
    assert (plan["signs"], plan["helps"], plan["places"]) == ("no sleep", "tea\nthe river", "")


def test_the_report_counts_and_tells_nothing(home: Path) -> None:
    assert "Nothing was counted" in succeed(home, "safety", "report", "--year", "2026")
    say(home, "i want to kill myself")
    report = json.loads(succeed(home, "safety", "report", "--json"))
    assert (report["messages"], report["cards_shown"]) == (1, 1)
    assert report["months"][0]["tier"] >= 2
    assert "kill" not in succeed(home, "safety", "report")
    assert "erased" in succeed(home, "safety", "report", "--erase")
    assert json.loads(succeed(home, "safety", "report", "--json"))["messages"] == 0


def test_the_card_is_put_aside(home: Path) -> None:
    say(home, "i want to kill myself")
    assert "Put aside" in succeed(home, "safety", "aside")


def test_the_doctor_looks_at_it(home: Path) -> None:
    succeed(home, "safety", "country", "IN")
    checks = {each["check"]: each for each in json.loads(run(home, "doctor", "--json").stdout)}
    assert checks["safety"]["ok"]
    assert "yours is IN" in checks["safety"]["says"]
    (home / "config/prompts").mkdir()
    (home / "config/prompts/crisis.md").write_text("half")
    checks = {each["check"]: each for each in json.loads(run(home, "doctor", "--json").stdout)}
    assert not checks["safety"]["ok"]
    assert "crisis.md" in checks["safety"]["says"]


def test_where_help_is_costs_no_heavy_imports() -> None:
    code = "import sys, companion.cli.safety; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not {"textual", "numpy", "openai", "sqlite_utils"} & set(loaded.stdout.split())


def test_the_age_is_kept_and_can_be_changed(home: Path) -> None:
    assert "Not said yet" in succeed(home, "safety", "age")
    assert "Under 18" in succeed(home, "safety", "age", "minor")
    assert succeed(home, "safety", "age") == "Under 18\n"
    assert "rather not say" in succeed(home, "safety", "age", "unsaid")
    fail(home, "safety", "age", "42", status=2)


def test_a_talk_by_turns_says_what_she_is_when_it_begins(home: Path) -> None:
    first, second = run(home, "say", "Hello"), run(home, "say", "And you?")
    assert first.stderr.startswith("You are talking with an AI.")
    assert "AI" not in first.stdout
    assert second.stderr == ""
    assert say(home, "--new", "Hello")["notice"].startswith("You are talking with an AI")
    assert "notice" not in say(home, "Hello")


def test_the_exercises_are_there_without_a_screen(home: Path) -> None:
    configure(home, DOWN)
    assert "breathe in while you count to four" in succeed(home, "say", "i want to kill myself")
    out = succeed(home, "safety", "steady")
    assert "5 things that you see" in out
    assert "count to six" in out
