"""What a tester expects: checked by the command and by pytest."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

import session_stage
from companion.cli.main import app
from companion.domain.errors import CompanionError

HOLDS = """
[every]
reply_words_below = 40
reply_names_nobody_new = true

[[turn]]
number = 1
memory = ["sister"]
recalled = ["Lisbon"]
prompt_has = ["Nora is their sister"]
prompt_tokens_below = 4000

[[turn]]
said = "so sad today"
mood = ["sadness", "grief"]
valence_below = -0.1
strategy = ["reflect", "ask", "sit"]
crisis_card = false
reply_has = ["I am here"]
reply_without = ["any"]
"""
FAILS = """
[[turn]]
number = 2
mood = ["joy"]
valence_above = 0.2
memory = ["brother"]
crisis_card = true
prompt_tokens_below = 10
reply_lacks = ["how sad"]
"""


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return session_stage.record(tmp_path_factory.mktemp("talk"))


def expect(talk: Path, words: str) -> None:
    talk.with_name("talk.expect.toml").write_text(words)


def replay(talk: Path, *options: str) -> tuple[int, str, str]:
    env = {"COMPANION_HOME": str(talk.parent / "home"), "COLUMNS": "200"}
    result = CliRunner().invoke(app, ["replay", str(talk), "--expect", *options], env=env)
    error = result.exception
    if error is not None and not isinstance(error, SystemExit | CompanionError):
        raise error
    return result.exit_code, result.stdout, f"{result.stderr}{error}"


def test_what_holds_passes(talk: Path) -> None:
    expect(talk, HOLDS)
    status, out, err = replay(talk)
    assert status == 0, out + err


def test_what_does_not_hold_is_told_one_by_one(talk: Path, tmp_path: Path) -> None:
    expect(talk, FAILS)
    report = tmp_path / "report.xml"
    status, out, _ = replay(talk, "--junit", str(report))
    assert status == 1
    for words in (
        *("the mood is sadness", "and not above +0.20", "no memory in the prompt has 'brother'"),
        *("the crisis card did not come", "not fewer than 10", "the reply has 'how sad'"),
    ):
        assert words in out, words
    (suite,) = ElementTree.parse(report).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("4", "1")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("[[turn]]\nnumber = 9", "the session has no turn 9"),
        ("[[turn]]\nmood = ['joy']", "give either number or said"),
        ("[every]\nmod = ['joy']", "every.mod is not a setting that I know"),
        ("[every", "is not valid TOML"),
        ("[every]\nreply_without = ['charm']", "charm is no fault"),
    ],
)
def test_an_expectation_that_means_nothing_is_an_error(talk: Path, words: str, told: str) -> None:
    expect(talk, words)
    status, _, err = replay(talk)
    assert status == 1
    assert told in err


def collect(folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run pytest on session files, in a process that knows nothing of this one."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    return subprocess.run(
        [*command, "--companion-sessions", str(folder)],
        cwd=folder.parent,
        env={"COMPANION_HOME": str(home), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_pytest_collects_sessions(talk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    for name in ("bad", "good"):
        (folder / f"{name}.session.jsonl").write_text(talk.read_text())
    (folder / "bad.expect.toml").write_text(FAILS)
    result = collect(folder, talk.parent / "home")
    assert result.returncode == 1
    assert "1 failed, 7 passed" in result.stdout, result.stdout + result.stderr
    assert "They said: I am so sad today" in result.stdout
    assert "no memory in the prompt has 'brother'" in result.stdout
    assert "Traceback" not in result.stdout


def test_pytest_says_which_file_cannot_be_read(talk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    (folder / "broken.session.jsonl").write_text("{}")
    (folder / "good.session.jsonl").write_text(talk.read_text())
    result = collect(folder, talk.parent / "home")
    assert result.returncode == 1
    assert "1 failed, 4 passed" in result.stdout, result.stdout + result.stderr
    assert "broken.session.jsonl is neither a session of Companion" in result.stdout
