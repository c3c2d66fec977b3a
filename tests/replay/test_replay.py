"""Conversations that were really had, exported and played again."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import session_stage
from companion.cli.main import app
from companion.domain.errors import CompanionError


def companion(home: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments, env={"COMPANION_HOME": str(home), "COLUMNS": "200"})
    error = result.exception
    if error is not None and not isinstance(error, SystemExit | CompanionError):
        raise error
    failed = f"companion: {error}\n" if isinstance(error, CompanionError) else ""
    return result.exit_code, result.stdout, result.stderr + failed


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session file; the home that it comes from lies beside it."""
    return session_stage.record(tmp_path_factory.mktemp("talk"), stop_at=2)


@pytest.fixture
def home(talk: Path) -> Path:
    return talk.parent / "home"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def spoil(talk: Path, folder: Path, kind: str, turn: int, **changes: Any) -> Path:
    """Write the session anew with other values in a line of a turn."""
    given = lines(talk)
    (line,) = [each for each in given if (each["line"], each.get("turn")) == (kind, turn)]
    line.update(changes)
    path = folder / "spoilt.session.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in given))
    return path


def test_a_conversation_comes_out_as_it_was(talk: Path, home: Path) -> None:
    status, out, err = companion(home, "replay", str(talk), "--recorded")
    assert status == 0, out + err
    assert out == "4 turns of 1 session; nothing differs; passed.\n"
    told = [each for each in lines(talk) if each["line"] in ("memories", "recalled")]
    assert told, "the conversation must have something to remember"


def test_the_users_own_database_is_left_alone(talk: Path, home: Path) -> None:
    database = home / "data" / "companion.db"
    before = database.read_bytes()
    assert companion(home, "replay", str(talk))[0] == 0
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    ("kind", "turn", "changes", "what", "shown"),
    [
        ("mood", 2, {"valence": 0.5}, "mood", "-sadness (model; valence +0.500"),
        ("mood", 2, {"labels": ["joy"]}, "mood", "-joy (model"),
        ("guidance", 2, {"strategy": "inform"}, "strategy", "-inform, "),
        ("memories", 1, {"texts": ["Nora is their aunt."]}, "memories", "-Nora is their aunt."),
        ("prompt", 2, {"hash": "0" * 64}, "prompt", ""),
    ],
)
def test_what_differs_is_shown(
    talk: Path,
    home: Path,
    tmp_path: Path,
    kind: str,
    turn: int,
    changes: Any,
    what: str,
    shown: str,
) -> None:
    path = spoil(talk, tmp_path, kind, turn, **changes)
    status, out, _ = companion(home, "replay", str(path))
    assert status == 1
    assert f"different: {what} in 1; not passed." in out
    assert shown in out


def test_another_prompt_is_shown_as_a_diff(talk: Path, home: Path, tmp_path: Path) -> None:
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    original = Path(__file__).parents[2] / "prompts" / "reply.md"
    (prompts / "reply.md").write_text("Zebra.\n" + original.read_text())
    status, out, _ = companion(home, "replay", str(talk), "--prompts", str(prompts))
    assert status == 1
    assert "+system: Zebra." in out
    assert "prompt in 4" in out


def test_files_of_all_kinds_of_reports(talk: Path, home: Path, tmp_path: Path) -> None:
    path = spoil(talk, tmp_path, "guidance", 2, strategy="inform")
    paths = {name: tmp_path / f"report.{name}" for name in ("html", "md", "xml")}
    status, out, _ = companion(
        *(home, "replay", str(path), "--json", "--html", str(paths["html"])),
        *("--markdown", str(paths["md"]), "--junit", str(paths["xml"])),
    )
    report = json.loads(out)
    assert (status, report["passed"], report["turns"], report["differing"]) == (1, False, 4, 1)
    assert report["results"][0]["turns"][1]["differences"][0]["what"] == "strategy"
    assert "````diff" in paths["md"].read_text()
    assert 'failures="1"' in paths["xml"].read_text()
    assert 'data-what="strategy"' in paths["html"].read_text()
    assert paths["html"].stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("option", ["--html", "--markdown", "--junit", "--tape"])
def test_no_file_is_written_over_unless_told(
    talk: Path, home: Path, tmp_path: Path, option: str
) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine")
    cassette = ("--cassette", "record") if option == "--tape" else ()
    status, _, err = companion(home, "replay", str(talk), option, str(mine), *cassette)
    assert (status, mine.read_text()) == (1, "mine")
    assert f"Choose another name with {option}, or add --replace." in err
    if not cassette:
        told = companion(home, "replay", str(talk), option, str(mine), "--replace")
        assert told[0] == 0, told
        assert mine.read_text() != "mine"


@pytest.mark.parametrize(
    ("change", "problem", "compared"),
    [
        (lambda given: given[:-1], "It ends too early", 3),
        (lambda given: [*given[:-4], given[-4][:30]], "it is not JSON", 3),
        (lambda given: [*given[:-8], *given[-4:], *given[-8:-4]], "out of order", 2),
    ],
)
def test_what_can_be_compared_of_a_spoilt_file_is(
    talk: Path, home: Path, tmp_path: Path, change: Any, problem: str, compared: int
) -> None:
    path = tmp_path / "spoilt.session.jsonl"
    path.write_text("\n".join(change(talk.read_text().splitlines())))
    status, out, _ = companion(home, "replay", str(path))
    assert status == 1
    assert problem in out
    assert f"{compared} turns of 1 session; nothing differs; not passed." in out


def test_a_newer_file_keeps_no_other_from_being_played(
    talk: Path, home: Path, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.session.jsonl"
    newer.write_text(talk.read_text().replace('"version":1', '"version":2', 1))
    junit = tmp_path / "junit.xml"
    status, out, err = companion(home, "replay", str(newer), str(talk), "--junit", str(junit))
    assert status == 1
    assert "newer version of Companion" in err
    assert out == "4 turns of 1 session; nothing differs; not read: 1 file; not passed.\n"
    assert junit.read_text().count("<error") == 1
    assert companion(home, "replay", str(newer))[:2] == (
        *(1, "0 turns of 0 sessions; not read: 1 file; not passed.\n"),
    )


def test_a_redacted_file_tells_no_name_and_plays(talk: Path, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "shared.session.jsonl"
    assert companion(home, "history", "export", "--out", str(path), "--redact")[0] == 0
    text = path.read_text()
    assert "Nora" not in text
    assert "Theo" not in text
    assert '"redacted":true' in text
    status, out, err = companion(home, "replay", str(path))
    assert status == 0, out + err


def test_a_chat_of_another_program_is_computed(home: Path, tmp_path: Path) -> None:
    openai, sharegpt = tmp_path / "openai.json", tmp_path / "sharegpt.json"
    said = [("user", "I'm so sad. My dog died."), ("assistant", "Oh no. What was she like?")]
    openai.write_text(
        json.dumps({"messages": [{"role": role, "content": text} for role, text in said]})
    )
    names = {"user": "human", "assistant": "gpt"}
    sharegpt.write_text(
        json.dumps([{"conversations": [{"from": names[r], "value": text} for r, text in said]}])
    )
    status, out, err = companion(home, "replay", str(openai), str(sharegpt), "--json")
    assert status == 0, err
    for result in json.loads(out)["results"]:
        assert "sadness" in result["turns"][0]["after"]["labels"] or "grief" in str(result)


def test_live_shows_what_another_mind_says(talk: Path, home: Path, tmp_path: Path) -> None:
    out_json = companion(home, "replay", str(talk), "--live", "--json", "--repeat", "2")
    status, out, err = out_json
    assert status == 0, out + err
    report = json.loads(out)
    assert (report["turns"], report["sessions"]) == (8, 2)
    assert "recorded" in companion(home, "replay", str(talk), "--live")[1]


def test_minds_stand_beside_each_other(talk: Path, home: Path, tmp_path: Path) -> None:
    settings = home / "config" / "settings.toml"
    given = settings.read_text()
    settings.write_text(
        f'{given}\n[backends.other]\nkind = "scripted"\nreplies = ["You should."]\n'
    )
    try:
        status, out, err = companion(home, "replay", str(talk), "--against", "script,other")
    finally:
        settings.write_text(given)
    assert status == 0, err
    assert out.splitlines()[0].split() == ["measure", "recorded", "script", "other"]
    (advice,) = [line for line in out.splitlines() if line.startswith("advice not asked for")]
    assert advice.split()[-1] == "3" or advice.split()[-1] == "4"
