"""What an interrupted run has kept, however it was interrupted."""

from pathlib import Path

import pytest

from companion.replay.kept_lines import KeptLines


def file_of(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


@pytest.mark.parametrize(
    "torn",
    ['{"reply": "caf\u00e9'.encode()[:-1], b'{"reply": "ca', b'{"reply": "caf\\u00'],
    ids=["inside a character", "inside a word", "inside an escape"],
)
def test_a_torn_line_costs_that_line_alone(tmp_path: Path, torn: bytes) -> None:
    lines = KeptLines(tmp_path, ["a run"])
    lines.keep({"reply": "first"})
    with file_of(tmp_path).open("ab") as file:
        file.write(torn)
    assert list(lines.read()) == [{"reply": "first"}]
    again = KeptLines(tmp_path, ["a run"])
    again.keep({"reply": "second"})
    again.keep({"reply": "third"})
    assert [each["reply"] for each in again.read()] == ["first", "second", "third"]


@pytest.mark.parametrize(
    "text", ["one\u2028two", "one\x85two", "one\ntwo\r", "caf\u00e9", "\ud800"]
)
def test_any_reply_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    lines = KeptLines(tmp_path, ["a run"])
    lines.keep({"reply": text})
    assert list(lines.read()) == [{"reply": text}]


def test_a_reply_that_was_kept_before_is_read_whole(tmp_path: Path) -> None:
    lines = KeptLines(tmp_path, ["a run"])
    lines.keep({})
    file_of(tmp_path).write_text('{"reply": "one\u2028two"}\n', encoding="utf-8")
    assert list(lines.read()) == [{"reply": "one\u2028two"}]
