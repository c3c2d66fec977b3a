"""``companion mood`` as its users meet it: as a process."""

import csv
import io
import json
import resource
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from companion.cli.input import parse_since
from companion.domain.mood import EMOTIONS
from mood_program import NOTE, command, environ, fail, make_home, remember, run, succeed

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path)


def show(home: Path, *arguments: str) -> Any:
    return json.loads(succeed(home, "mood", *arguments, "--json"))


def judge(home: Path, given: str | bytes) -> list[dict[str, Any]]:
    out = succeed(home, "mood", "appraise", "--json", given=given)
    return [json.loads(line) for line in out.split("\n")[:-1]]


def test_nothing_is_known_at_first(home: Path) -> None:
    assert "not known yet" in succeed(home, "mood")
    assert show(home)["entries"] == []
    assert show(home)["now"]["word"] == "not known yet"


def test_moods_are_shown_in_words(home: Path) -> None:
    remember(home, "glad", "sad")
    page = succeed(home, "mood")
    assert page.startswith("Now: sad. The last sign of it came an hour ago.\n")
    glad, sad = page.splitlines()[-2:]
    assert glad.split()[:2] == ["1", "1"]
    assert "glad" in glad
    assert "+0.7  " in glad
    assert sad.endswith("-0.6     mood model   I am sad, really.")


def test_a_table_that_grew_long_shows_its_end(home: Path) -> None:
    remember(home, *["sad"] * 35, days=0.01)
    result = run(home, "mood")
    assert "5 earlier ones" in result.stderr
    assert len(result.stdout.splitlines()) == 2 + 1 + 30
    assert len(succeed(home, "mood", "--since", "30d").splitlines()) == 2 + 1 + 35


def test_since(home: Path) -> None:
    remember(home, "glad", "angry", "sad", days=10)
    assert [entry["word"] for entry in show(home, "--since", "11d")["entries"]] == ["angry", "sad"]
    assert len(show(home, "--since", "2026-01-01")["entries"]) == 3
    assert "Nothing was noted in that time" in succeed(home, "mood", "--since", "0h")
    assert "2026-11-01" in fail(home, "mood", "--since", "soon", status=2)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("12h", NOW - timedelta(hours=12)),
        ("30d", NOW - timedelta(days=30)),
        ("6W", NOW - timedelta(weeks=6)),
        ("2y", NOW - timedelta(days=730)),
        ("900y", datetime(1970, 1, 1, tzinfo=UTC)),
        ("0001-01-01", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2026-11-01", datetime(2026, 11, 1).astimezone()),
        ("2026-11-01T12:00+02:00", datetime(2026, 11, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_time_is_understood(text: str, moment: datetime) -> None:
    assert parse_since(text, NOW) == moment


@pytest.mark.parametrize(
    "text", ["", "d", "-3d", "3x", "3.5d", "999999999y", "2026-13-01", "9999-12-31", "٣d", "x" * 99]
)
def test_a_time_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter) as refusal:
        parse_since(text, NOW)
    assert "\n" not in refusal.value.message


def test_json_says_all(home: Path) -> None:
    remember(home, "glad", "sad")
    shown = show(home)
    assert {"word", "valence", "arousal", "dominance", "baseline", "trend"} <= shown["now"].keys()
    assert shown["now"]["valence"] < shown["now"]["baseline"]["valence"]
    assert shown["now"]["trend"]["lasting"] == "usual"
    entry = shown["entries"][1]
    assert (entry["id"], entry["message_id"], entry["conversation_id"]) == (2, 2, 1)
    assert (entry["source"], entry["journal_id"], entry["known"]) == ("model", None, True)
    assert (entry["text"], entry["labels"]) == ("I am sad,\nreally.", ["sadness"])
    assert entry["evidence"] == ["sad"]
    assert entry["emotions"].keys() == set(EMOTIONS)
    assert datetime.fromisoformat(entry["at"]).tzinfo


def test_csv_survives_what_people_write(home: Path) -> None:
    text = 'so "sad",\nreally; 😢'
    succeed(home, "mood", "write", text)
    result = subprocess.run(
        command("mood", "--csv"), capture_output=True, env=environ(home), check=True
    )
    assert result.stdout.count(b"\r\n") == 2
    (row,) = csv.DictReader(io.StringIO(result.stdout.decode(), newline=""))
    assert (row["text"], row["word"], row["labels"]) == (text, "sad", "sadness")
    assert (float(row["valence"]), row["known"], row["message_id"]) == (-0.6, "yes", "")


def test_formats_exclude_each_other(home: Path) -> None:
    assert "exclude" in fail(home, "mood", "--json", "--csv", status=2)
    assert "exclude" in fail(home, "mood", "--png", "a.png", "--svg", "a.svg", status=2)
    assert "Those of set stand behind it" in fail(home, "mood", "--csv", "set", "sad", status=2)


def test_the_users_own_word_counts(home: Path) -> None:
    assert "tired" in succeed(home, "mood", "set", "tired")
    (entry,) = show(home)["entries"]
    assert (entry["source"], entry["word"], entry["confidence"]) == ("user", "tired", 1.0)
    assert "  you          tired" in succeed(home, "mood")
    assert show(home, "set", "sad")["word"] == "sad"
    assert "found no feeling" in fail(home, "mood", "set", "plonk")


def test_the_journal_takes_words_and_standard_input(home: Path) -> None:
    assert "reads glad" in succeed(home, "mood", "write", "So", "glad", "today")
    given = "I was sad.\nStill am.\n"
    written = json.loads(succeed(home, "mood", "write", "--json", given=given))
    assert (written["text"], written["word"]) == (given.strip(), "sad")
    assert written["journal_id"]
    assert "nothing in that entry" in fail(home, "mood", "write", given=" \n")
    assert "not UTF-8" in fail(home, "mood", "write", given=b"caf\xe9")
    assert len(show(home)["entries"]) == 2


def test_a_guess_is_corrected(home: Path) -> None:
    remember(home, "sad")
    assert "just" not in fail(home, "mood", "correct", "1", "plonk")
    assert "It says now: tired" in succeed(home, "mood", "correct", "1", "tired")
    (entry,) = show(home)["entries"]
    assert (entry["source"], entry["word"], entry["message_id"]) == ("user", "tired", 1)
    assert "no mood entry 99" in fail(home, "mood", "correct", "99", "tired")
    fail(home, "mood", "correct", "0", "tired", status=2)
    fail(home, "mood", "correct", "9" * 30, "tired", status=2)


def test_an_entry_is_erased(home: Path) -> None:
    remember(home, "sad")
    succeed(home, "mood", "write", "A heron, and I so glad.")
    assert "heron" in succeed(home, "mood", "delete", "2", given="n\n")
    assert len(show(home)["entries"]) == 2
    assert "is erased" in succeed(home, "mood", "delete", "2", "--yes")
    succeed(home, "mood", "delete", "1", given="y\n")
    assert show(home)["entries"] == []
    assert b"heron" not in (home / "data/companion.db").read_bytes()
    assert "no mood entry 2" in fail(home, "mood", "delete", "2", "--yes")
    assert "no mood entry 2" in fail(home, "mood", "delete", "2", given="y\n")


def test_what_she_was_told_is_laid_open(home: Path) -> None:
    remember(home, "glad", "sad")
    succeed(home, "mood", "correct", "2", "tired")
    page = succeed(home, "mood", "explain", "2")
    assert "  I am sad,\n  really.\n" in page
    assert "sad, says the mood model (number 2)" in page
    assert "tired, says your own word (number 3)" in page
    assert 'seen in: "sad"' in page
    assert "likeliest: sadness 0.90, admiration 0.01" in page
    assert "strategy: reflect\n  stage: explore\n  reason: because you wrote sad" in page
    assert "someone: My cat died.\n    she: Oh no." in page
    assert f"--- note\n{NOTE}\n--- end\n" in page
    found = show(home, "explain", "2")
    assert [entry["source"] for entry in found["appraisals"]] == ["model", "user"]
    assert (found["note"], found["turn"]) == (NOTE, 2)
    assert found["guidance"]["strategy"] == "reflect"
    assert found["guidance"]["exemplars"][0]["reply"] == "Oh no."


def test_a_turn_without_a_mood_is_explained_too(home: Path) -> None:
    remember(home, "sad")
    succeed(home, "mood", "delete", "1", "--yes")
    page = succeed(home, "mood", "explain", "1")
    assert "Nothing was noted" in page
    assert "Nothing guided" in page
    assert show(home, "explain", "1")["guidance"] is None
    assert "no message 99" in fail(home, "mood", "explain", "99")


def test_her_own_messages_are_not_explained(home: Path) -> None:
    succeed(home, "say", "I am sad")
    answer = json.loads(succeed(home, "history", "show", "1", "--json"))[-1]
    assert "is hers" in fail(home, "mood", "explain", str(answer["id"]))


def test_lines_are_appraised_in_order_and_nothing_is_kept(home: Path) -> None:
    (home / "config/settings.toml").unlink()
    (home / "config").rmdir()
    found = judge(home, "I am sad\n\nSo\u2028 \u0085glad\r\nangry")
    assert [one["labels"] for one in found] == [["sadness"], ["neutral"], ["joy"], ["anger"]]
    keys = "emotions labels valence arousal dominance intensity confidence evidence known"
    assert [*found[0]] == keys.split()
    assert [*found[0]["emotions"]] == list(EMOTIONS)
    assert (found[0]["valence"], found[0]["evidence"]) == (-0.6, ["sad"])
    assert judge(home, "") == []
    assert len(judge(home, "\n\n")) == 2
    assert list(home.iterdir()) == []


def test_lines_are_appraised_for_reading(home: Path) -> None:
    out = succeed(home, "mood", "appraise", given="I am \x1b[31msad\n\nglad \u202eyes\n")
    assert out.splitlines() == [
        "-0.6  sad                       I am [31msad",
        "+0.0  even",
        "+0.7  glad                      glad yes",
    ]


def test_bytes_that_are_no_text_are_passed_over_and_told(home: Path) -> None:
    given = b"sad\n\xff\xfe glad\ncaf\xe9\nangry\n"
    result = run(home, "mood", "appraise", "--json", given=given)
    found = [json.loads(line)["labels"] for line in result.stdout.splitlines()]
    assert found == [["sadness"], ["joy"], ["neutral"], ["anger"]]
    assert result.returncode == 0
    assert result.stderr.startswith("2 lines were not UTF-8 text.")
    one = run(home, "mood", "appraise", given=b"sad\ncaf\xe9")
    assert one.stdout.splitlines()[1].endswith("caf\ufffd")
    assert one.stderr.startswith("Line 2 was not UTF-8 text.")


def test_each_line_is_answered_at_once(home: Path) -> None:
    with subprocess.Popen(
        command("mood", "appraise", "--json"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environ(home),
    ) as child:
        assert child.stdin
        assert child.stdout
        for word in ("sadness", "joy"):
            child.stdin.write({"sadness": b"sad\n", "joy": b"glad\n"}[word])
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["labels"] == [word]
        child.stdin.close()
        assert child.wait() == 0


def test_a_reader_of_appraisals_that_goes_away_is_no_error(home: Path) -> None:
    with subprocess.Popen(
        command("mood", "appraise", "--json"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ(home),
    ) as child:
        assert child.stdin
        assert child.stdout
        assert child.stderr
        child.stdin.write(b"sad\n" * 4000)
        child.stdin.flush()
        child.stdout.readline()
        child.stdout.close()
        child.stdin.close()
        child.wait()
        assert child.stderr.read() == b""


def test_many_lines_and_a_long_one(home: Path) -> None:
    started = time.monotonic()
    assert len(judge(home, "I am so sad today\n" * 5000)) == 5000
    assert time.monotonic() - started < 10
    (one,) = judge(home, "sad " * 2_500_000)
    assert one["labels"] == ["sadness"]
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_000_000
