"""Export, import and erase as a person uses them: real files, a real database."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from companion.cli.main import app
from companion.domain.errors import CompanionError
from full_home import FullHome


def companion(home: Path, *arguments: str, given: bytes = b"") -> tuple[int, str, str]:
    result = CliRunner().invoke(
        app, arguments, input=given, env={"COMPANION_HOME": str(home), "COLUMNS": "80"}
    )
    error = result.exception
    if error is not None and not isinstance(error, SystemExit | CompanionError):
        raise error
    # The program writes it so: tests/test_end_to_end.py.
    failed = f"companion: {error}\n" if isinstance(error, CompanionError) else ""
    return result.exit_code, result.stdout, result.stderr + failed


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    (folder / "data").mkdir(parents=True)
    FullHome(folder / "data").fill().store.close()
    return folder


def run(home: Path, *arguments: str, given: bytes = b"") -> str:
    status, out, err = companion(home, *arguments, given=given)
    assert status == 0, err
    return out


def refuse(home: Path, *arguments: str, given: bytes = b"") -> str:
    status, _, err = companion(home, *arguments, given=given)
    assert status == 1
    assert err.startswith("companion: ")
    assert err.count("\n") == 1
    return err


def lines(home: Path) -> list[str]:
    return run(home, "export", "--to", "-").splitlines()


def test_nothing_that_is_printed_drives_the_terminal(home: Path) -> None:
    with closing(sqlite3.connect(home / "data" / "companion.db")) as database:
        database.execute("UPDATE messages SET text = ? WHERE role = 'user'", ("h\u202ei \x9b",))
        database.commit()
    out = run(home, "history", "export", "--out", "-")
    assert "h\\u202ei" in out
    assert not {"\u202e", "\x9b"} & set(out)


def test_out_in_and_out_again_is_the_same(home: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "all.jsonl", tmp_path / "other"
    assert run(home, "export", "--to", str(file)) == f"Wrote {file}.\n"
    assert file.stat().st_mode & 0o777 == 0o600
    given = file.read_text().splitlines()
    header = json.loads(given[0])
    assert (header["record"], header["format"], header["version"]) == ("header", "companion", 1)
    out = run(other, "import", str(file))
    assert out.startswith("Imported 3 conversations, 11 messages, 3 moods, 1 journal entry")
    assert lines(other)[1:] == given[1:]
    assert run(other, "import", str(file)).startswith("Nothing in it was new.")
    assert lines(other)[1:] == given[1:]


def test_a_folder_gets_both_and_nothing_is_written_over(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run(home, "export", "--to", str(folder))
    assert {file.name for file in folder.iterdir()} == {"companion.jsonl", "companion.md"}
    assert "is there already" in refuse(home, "export", "--to", str(folder))
    run(home, "export", "--to", str(folder), "--replace")
    assert companion(home, "export", "--to", "x.pdf")[0] == 2
    assert "cannot be written" in refuse(home, "export", "--to", str(folder / "no" / "x.md"))


def test_markdown_tells_everything_to_people(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.md"
    run(home, "export", "--to", str(file))
    text = file.read_text()
    for part in (
        *("## Where I live", "I lived in Zebrafinch", "### Other branches", "Zebrafinch? Tell me"),
        *("Mood: sadness (the mood model, 80% sure, from “sad”)", "Strategy: reflect"),
        *("## Journal", "A quiet day.", "Mood: tired (your own word)"),
        *("- They live in Lisbon. (memory", "pinned", "### What once held", "from message"),
        *("Not sent yet: half a thou", "called Theo", "said by Ada"),
        *("## In short", "- They now call Lisbon home. (from message"),
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda given: given[:-1], "The file ends too early"),
        (lambda given: [*given[:7], given[7][:20]], "Line 8 cannot be taken in: it is not JSON"),
        (lambda given: given[1:], "Line 1 cannot be taken in: it is not the header"),
        (lambda given: [*given[:-2], given[-1]], "records are here and not as many"),
        (lambda given: [given[0].replace('1,"program', '9,"program'), *given[1:]], "newer version"),
        (lambda given: [*given[:3], '{"record":"dream"}', *given[3:]], "Line 4 cannot be taken in"),
        (lambda given: [x.replace('"user"', '"cat"') for x in given], '"role": input should be'),
        (lambda given: [x.replace("2026-11-23T", "2026-13-23T") for x in given], '_at": '),
        (lambda given: [*given, given[1]], "it comes after the end"),
    ],
)
def test_a_spoilt_export_is_refused_whole(
    home: Path, tmp_path: Path, spoil: Any, words: str
) -> None:
    file, other = tmp_path / "spoilt.jsonl", tmp_path / "other"
    file.write_text("\n".join(spoil(lines(home))))
    assert words in refuse(other, "import", str(file))
    assert len(lines(other)) == 2


def chatgpt() -> list[dict[str, Any]]:
    def node(name: str, parent: str | None, role: str, *parts: object) -> dict[str, Any]:
        content = {"content_type": "text", "parts": list(parts)}
        message = {"id": name, "author": {"role": role}, "create_time": 1.7e9, "content": content}
        return {"id": name, "message": message, "parent": parent, "children": []}

    nodes = [
        {"id": "root", "message": None, "parent": None, "children": ["s"]},
        node("s", "root", "system", ""),
        node("a", "s", "user", "I have a parrot"),
        node("b", "a", "assistant", "Not this one"),
        node("c", "a", "assistant", "It swears, I hope", {"content_type": "image_asset_pointer"}),
    ]
    return [
        {
            **{"title": "A bird", "create_time": 1.7e9, "conversation_id": "k-1"},
            **{"current_node": "c", "mapping": {each["id"]: each for each in nodes}},
        }
    ]


TAVERN = (
    '{"user_name":"Theo","character_name":"Sera","create_date":"2023-11-23@10h22m33s"}\n'
    '{"name":"Sera","is_user":false,"send_date":"November 23, 2023 10:22am","mes":"Hello"}\n'
    '{"name":"Theo","is_user":true,"send_date":"2023-11-23 @10h 23m 33s 5ms","mes":"A parrot!"}\n'
    '{"name":"Sera","is_user":false,"send_date":"2023-11-23T12:00:00.000Z","mes":"Swears?"}\n'
    '{"name":"Sera","is_system":true,"send_date":1700740000000,"mes":"hidden"}\n'
)


def llm_logs(file: Path) -> None:
    with sqlite3.connect(file) as logs:
        logs.execute("CREATE TABLE conversations (id TEXT, name TEXT, model TEXT)")
        logs.execute("INSERT INTO conversations VALUES ('k', 'A parrot?', 'm')")
        logs.execute(
            "CREATE TABLE responses (id TEXT, model TEXT, prompt TEXT, response TEXT, "
            "datetime_utc TEXT, duration_ms INTEGER, conversation_id TEXT)"
        )
        logs.execute(
            "INSERT INTO responses VALUES "
            "('r', 'm', 'A parrot?', 'It swears.', '2024-02-03T10:00:00.123', 900, 'k')"
        )
    logs.close()


def foreign(tmp_path: Path) -> dict[str, Path]:
    files = {name: tmp_path / f"file.{name}" for name in ("chatgpt", "sillytavern", "llm")}
    files["chatgpt"].write_text("\ufeff" + json.dumps(chatgpt()))
    files["sillytavern"].write_text(TAVERN)
    llm_logs(files["llm"])
    return files


@pytest.mark.parametrize(
    ("form", "title", "said"),
    [
        ("chatgpt", "A bird", ["I have a parrot", "It swears, I hope\n\n(not text)"]),
        ("sillytavern", "file", ["Hello", "A parrot!", "Swears?"]),
        ("llm", "A parrot?", ["A parrot?", "It swears."]),
    ],
)
def test_what_was_said_elsewhere_comes_in_once(
    tmp_path: Path, form: str, title: str, said: list[str]
) -> None:
    file, home = foreign(tmp_path)[form], tmp_path / "home"
    preview = json.loads(run(home, "import", str(file), "--dry-run", "--json"))
    assert (preview["conversations"], preview["messages"]) == (1, len(said))
    assert preview["first_words"] == said[0]
    told = run(home, "import", str(file), "--dry-run")
    assert f"1 conversation with {len(said)} messages" in told
    assert run(home, "history", "list", "--json") == "[]\n"
    for added in (len(said), 0):
        counts = json.loads(run(home, "import", str(file), "--json"))
        assert counts == {"added": added, "known": len(said) - added, "different": 0}
    (conversation,) = json.loads(run(home, "history", "list", "--json"))
    assert conversation["title"] == title
    shown = json.loads(run(home, "history", "show", str(conversation["id"]), "--json"))
    assert [each["text"] for each in shown] == said
    assert json.loads(run(home, "import", str(file), "--format", form, "--json"))["added"] == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "There is nothing in that file"),
        (b"dear diary", "I do not know what kind of file"),
        (b'[{"id": "a", "mapping": {', "The file is no whole JSON"),
        (b'[{"title": "\xe9t\xe9"}]', "The file is no whole JSON"),
        (b'[{"a": 1}]', "Conversation 1 of the file is not as ChatGPT writes them"),
        (b"[]", "not ChatGPT's conversations.json"),
        (b"[" * 100_000, "not ChatGPT's conversations.json"),
        (b"[" + b'{"a":' * 100_000, "not ChatGPT's conversations.json"),
        (b'{"conversation":' + b"[" * 100_000, "Line 1 cannot be taken in: it is not JSON"),
        (b'{"conversation": "caf\xe9"}', "Line 1 cannot be taken in: it is not UTF-8"),
        (b"PK\x03\x04...", "zip archive"),
        ("\ufeff[]".encode("utf-16"), "UTF-16"),
        (b"SQLite format 3\0...", "is not the logs database of llm"),
        (TAVERN.encode() + b'{"name": "Sera", "mes": "x"}\n', 'Line 6 cannot be taken in: "send_'),
        (TAVERN.encode()[:-30], "Line 5 cannot be taken in: it is not JSON"),
    ],
)
def test_what_cannot_be_read_is_explained_and_nothing_is_kept(
    tmp_path: Path, content: bytes, words: str
) -> None:
    file, home = tmp_path / "file", tmp_path / "home"
    file.write_bytes(content)
    assert words in refuse(home, "import", str(file))
    assert words in refuse(home, "import", "--dry-run", str(file))
    assert run(home, "history", "list", "--json") == "[]\n"


def test_a_late_fault_keeps_nothing_of_what_came_before(tmp_path: Path) -> None:
    file, home = tmp_path / "file.json", tmp_path / "home"
    file.write_text(json.dumps(chatgpt())[:-1] + ", {")
    assert "after 1 conversations" in refuse(home, "import", str(file))
    assert run(home, "history", "list", "--json") == "[]\n"


def test_an_import_that_is_stopped_keeps_nothing(tmp_path: Path) -> None:
    line = json.dumps(
        {
            **{"conversation": "a", "id": "1", "at": "2024-01-01T10:00:00Z"},
            **{"speaker": "Ada", "role": "user", "text": "word " * 100},
        }
    )
    with subprocess.Popen(
        [sys.executable, "-m", "companion", "import", "--format", "jsonl", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "COMPANION_HOME": str(tmp_path)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as program:
        assert program.stdin
        assert program.stderr
        # A pipe holds far less: when all of it is written, the import has begun.
        for number in range(2000):
            program.stdin.write(line.replace('"1"', f'"{number}"').encode() + b"\n")
        program.stdin.flush()
        program.send_signal(signal.SIGINT)
        told = program.stderr.read().decode()
    assert program.returncode == 130
    assert told.endswith("Stopped. Nothing was imported.\n")
    assert run(tmp_path, "history", "list", "--json") == "[]\n"


def test_everything_is_erased_after_a_question(home: Path) -> None:
    log = home / "cache" / "companion.log"
    log.parent.mkdir()
    log.write_text("I live in Zebrafinch")
    assert "It stays." in run(home, "memory", "erase", "--everything", given=b"n\n")
    assert len(lines(home)) > 2
    out = run(home, "memory", "erase", "--everything", "--yes")
    assert out == "Erased: 3 conversations, 5 memories.\n"
    assert len(lines(home)) == 2
    raw = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert b"Zebrafinch" not in raw


@pytest.mark.parametrize("what", [("--memory", "3"), ("--conversation", "2"), ("--everything",)])
def test_what_a_replay_was_answered_goes_with_it(home: Path, what: tuple[str, ...]) -> None:
    replays = home / "cache" / "replays"
    (replays / "playing-1-x").mkdir(parents=True)
    for name in ("1.jsonl", "playing-1-x/companion.db"):
        (replays / name).write_text("She lives in Zebrafinch")
    run(home, "memory", "erase", *what, given=b"n\n")
    assert len(list(replays.iterdir())) == 2
    run(home, "memory", "erase", *what, "--yes")
    assert list(replays.iterdir()) == []


def test_one_memory_or_one_conversation_is_erased(home: Path) -> None:
    out = run(home, "memory", "erase", "--memory", "3", "--yes")
    assert out.startswith("Erased: 2 memories.\nIts words are covered in")
    assert "no memory 3" in refuse(home, "memory", "erase", "--memory", "3", "--yes")
    # Nobody is asked whether to erase what is not there.
    assert "no memory 3" in refuse(home, "memory", "erase", "--memory", "3")
    assert "no conversation 9" in refuse(home, "memory", "erase", "--conversation", "9")
    out = run(home, "memory", "erase", "--conversation", "2", "--yes")
    assert out.startswith("Erased: 1 conversation")
    raw = b"".join(file.read_bytes() for file in (home / "data").iterdir())
    assert b"Zebrafinch" not in raw
    assert companion(home, "memory", "erase")[0] == 2
    assert companion(home, "memory", "erase", "--memory", "1", "--everything")[0] == 2
