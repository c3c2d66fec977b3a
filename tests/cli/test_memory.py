import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def companion(home: Path, *arguments: str, given: bytes = b"") -> tuple[int, str, str]:
    result = subprocess.run(
        [sys.executable, "-m", "companion", *arguments],
        input=given,
        capture_output=True,
        env={**os.environ, "COMPANION_HOME": str(home)},
        check=False,
    )
    return result.returncode, result.stdout.decode(), result.stderr.decode()


def line(number: int, text: object, **changes: object) -> str:
    fields = {
        **{"conversation": "c1", "id": f"D1:{number}", "at": f"2023-05-08T13:{number:02}:00Z"},
        **{"speaker": "Ada", "role": "user", "text": text},
        **changes,
    }
    return json.dumps(fields) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "talk.jsonl"
    path.write_text(line(1, "I have a parrot.") + "\n" + line(2, "It swears — in Dutch."))
    return path


def load(home: Path, file: Path) -> dict[str, Any]:
    status, out, err = companion(home, "import", "--format", "jsonl", str(file), "--json")
    assert status == 0, err
    counts: dict[str, Any] = json.loads(out)
    return counts


def test_import_and_recall(tmp_path: Path, file: Path) -> None:
    assert load(tmp_path, file) == {"added": 2, "known": 0, "different": 0}
    assert load(tmp_path, file) == {"added": 0, "known": 2, "different": 0}
    status, out, _ = companion(tmp_path, "memory", "recall", "Which parrot?", "--json")
    assert status == 0
    first = json.loads(out)[0]
    assert first["kind"] == "turn"
    assert (first["source_id"], first["conversation"]) == ("D1:1", "c1")
    assert first["text"] == "I have a parrot."
    assert first["at"] == "2023-05-08T13:01:00+00:00"
    assert first["score"] > 0
    status, out, _ = companion(tmp_path, "memory", "recall", "parrot", "--limit", "1")
    assert (status, out.count("\n")) == (0, 1)
    assert "Ada: I have a parrot." in out


def test_many_questions_get_a_line_each(tmp_path: Path, file: Path) -> None:
    load(tmp_path, file)
    asked = b'parrot?\n\nNEAR("x AND *\nDutch\n'
    status, out, err = companion(tmp_path, "memory", "recall", "--from", "-", given=asked)
    assert status == 0, err
    answers = [json.loads(answer) for answer in out.splitlines()]
    assert [bool(answer) for answer in answers] == [True, False, False, True]


def test_a_budget_of_tokens(tmp_path: Path, file: Path) -> None:
    load(tmp_path, file)
    command = ("memory", "recall", "parrot", "--json", "--tokens")
    assert len(json.loads(companion(tmp_path, *command, "1024")[1])) == 2
    assert json.loads(companion(tmp_path, *command, "4")[1]) == []


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("{not json\n", "it is not JSON"),
        ("[]\n", "it is not a JSON object"),
        (line(3, "x", role="system"), '"role" is neither user nor assistant'),
        (line(3, "x", at="last May"), '"at" is not a time'),
        (line(3, 7), '"text" is not text'),
        (line(3, "x", id=""), '"id" is empty'),
        ('{"conversation": "c1"}\n', '"id" is missing'),
        ("[" * 100_000 + "\n", "it is not JSON"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_kept(
    tmp_path: Path, file: Path, bad: str, words: str
) -> None:
    file.write_text(file.read_text() + bad)
    status, _, err = companion(tmp_path, "import", "--format", "jsonl", str(file))
    assert status == 1
    assert err.startswith("companion: Line 4 cannot be taken in: ")
    assert words in err
    assert err.count("\n") == 1
    assert companion(tmp_path, "memory", "recall", "parrot", "--json")[1] == "[]\n"


def test_what_is_used_wrongly_is_explained(tmp_path: Path) -> None:
    status, _, err = companion(tmp_path, "import", str(tmp_path / "none.jsonl"))
    assert (status, "cannot be read" in err) == (1, True)
    assert companion(tmp_path, "memory", "recall")[0] == 2
    assert companion(tmp_path, "import", "--format", "xml", "x")[0] == 2
    status, out, _ = companion(tmp_path, "memory", "recall", "anything")
    assert (status, "Nothing comes to mind" in out) == (0, True)


def test_what_is_imported_cannot_drive_the_terminal(tmp_path: Path, file: Path) -> None:
    file.write_text(line(1, "a\x1b[2J parrot \ud800\0"))
    load(tmp_path, file)
    _, out, _ = companion(tmp_path, "memory", "recall", "parrot")
    assert "\x1b" not in out
