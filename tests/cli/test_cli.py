"""The program as its users meet it: as a process."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from loopback_server import LoopbackServer, refused

PROMPTS = Path(__file__).parents[2] / "prompts"

SETTINGS = """
backend = "script"

[backends.script]
kind = "scripted"
replies = ["First answer.", "Second answer."]
"""


def run(
    home: Path, *arguments: str, given: str | bytes = b"", environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    raw = given.encode() if isinstance(given, str) else given
    result = subprocess.run(
        [sys.executable, "-m", "companion", *arguments],
        input=raw,
        capture_output=True,
        env={**os.environ, "COMPANION_HOME": str(home), **(environ or {})},
        check=False,
    )
    out, err = result.stdout.decode(), result.stderr.decode()
    assert "Traceback" not in err, err
    return subprocess.CompletedProcess(result.args, result.returncode, out, err)


def succeed(home: Path, *arguments: str, given: str | bytes = b"") -> str:
    result = run(home, *arguments, given=given)
    assert result.returncode == 0, result.stderr
    return result.stdout


def fail(home: Path, *arguments: str, status: int = 1, given: str | bytes = b"") -> str:
    result = run(home, *arguments, given=given)
    assert result.returncode == status, result.stdout + result.stderr
    return result.stderr


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/settings.toml").write_text(SETTINGS)
    return tmp_path


def configure(home: Path, text: str) -> None:
    (home / "config/settings.toml").write_text(text)


def say(home: Path, *arguments: str, given: str = "") -> dict[str, Any]:
    result: dict[str, Any] = json.loads(succeed(home, "say", "--json", *arguments, given=given))
    return result


def test_help_and_version(home: Path) -> None:
    assert "companion say" not in succeed(home, "--version")
    assert succeed(home, "--version").startswith("companion 0.")
    page = succeed(home, "--help")
    for command in ("say", "models", "backends", "persona", "history", "doctor"):
        assert command in page


def test_say_prints_the_reply_and_nothing_else(home: Path) -> None:
    assert succeed(home, "say", "Hello", "you") == "First answer.\n"


def test_the_option_of_the_chat_is_not_passed_over_before_a_command(home: Path) -> None:
    result = run(home, "--backend", "odd", "say", "Hello.")
    assert result.returncode == 2
    assert "companion say --help" in " ".join(result.stderr.split())


def test_say_as_json(home: Path) -> None:
    first = say(home, "Hello")
    assert first["reply"] == "First answer."
    assert (first["backend"], first["conversation"]) == ("script", 1)
    assert first["timings"]["total"] >= first["timings"]["first_token"] >= 0
    second = say(home, "--show-prompt", given="And now?\n")
    assert second["conversation"] == first["conversation"]
    assert second["turn"] > first["turn"]
    contents = [message["content"] for message in second["prompt"]]
    assert contents[-1].endswith("]\nAnd now?")
    assert second["guidance"]["strategy"] == "inform"
    assert contents[-2] == "First answer."
    assert contents[-3].endswith("Hello")
    assert second["prompt"][0]["role"] == "system"


def test_say_in_a_conversation_of_its_own(home: Path) -> None:
    first = say(home, "Hello")
    second = say(home, "--new", "Hello")
    third = say(home, "--conversation", str(first["conversation"]), "Again")
    assert second["conversation"] != first["conversation"] == third["conversation"]
    assert "no conversation 99" in fail(home, "say", "--conversation", "99", "Hi")
    assert "exclude" in fail(home, "say", "--new", "--conversation", "1", "Hi", status=2)


def test_say_shows_the_prompt(home: Path) -> None:
    shown = succeed(home, "say", "--show-prompt", "Hello")
    assert shown.index("--- system") < shown.index("Hello") < shown.index("First answer.")


def test_nothing_to_say(home: Path) -> None:
    assert "nothing to say" in fail(home, "say", given="  \n")


def test_bytes_that_are_no_text_are_refused(home: Path) -> None:
    assert "not UTF-8" in fail(home, "say", given=b"caf\xe9")
    assert succeed(home, "say", given=b"\x00\x1b[2Jhello") == "First answer.\n"


def test_a_group_alone_lists(home: Path) -> None:
    for group in ("history", "persona", "models", "backends"):
        assert succeed(home, group) == succeed(home, group, "list")


def test_a_failing_backend_is_one_line_and_the_message_is_kept(home: Path) -> None:
    configure(
        home,
        'backend = "far"\n[backends.far]\nkind = "openai"\nmodel = "m"\nretries = 0\n'
        'base_url = "http://127.0.0.1:9/v1"',
    )
    problem = fail(home, "say", "Do not lose this.")
    assert problem.splitlines()[1].startswith("companion: ")
    assert problem.count("\n") <= 3
    assert "Do not lose this." in succeed(home, "history", "show", "1")


def test_a_key_is_sent_and_never_shown(home: Path) -> None:
    with LoopbackServer(refused(401)) as server:
        configure(
            home,
            'backend = "far"\n[backends.far]\nkind = "openai"\nmodel = "m"\n'
            f'base_url = "{server.base_url}"\napi_key_env = "FAR_KEY"',
        )
        assert "FAR_KEY" in fail(home, "say", "Hello")
        assert server.requests == []
        result = run(home, "say", "Hello", environ={"FAR_KEY": "sk-very-secret"})
        assert server.requests[0].headers["authorization"] == "Bearer sk-very-secret"
    assert result.returncode == 1
    assert "FAR_KEY" in result.stderr
    kept = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert "sk-very-secret" not in result.stdout + result.stderr + kept.decode(errors="replace")


def test_the_chat_needs_a_terminal(home: Path) -> None:
    assert "needs a terminal" in fail(home)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("backend = ", "not valid TOML"),
        ('backend = "nobody"', "no backend called nobody"),
        ('persona = "nobody"\nbackend = "local"', "no persona called nobody"),
        ("what = 1", "what is not a setting"),
        ('[backends.local]\nkind = "local"\nmodel = "gpt-9"', "gpt-9"),
        ('backend = "a"\n[backends.a]\nkind = "telepathy"', "telepathy"),
        ('backend = "a"\n[backends.a]\nmodel = "x"', "has no kind"),
    ],
)
def test_broken_settings_are_one_line(home: Path, text: str, says: str) -> None:
    configure(home, text)
    problem = fail(home, "say", "Hello")
    assert says in problem
    assert problem.count("\n") == 1


def test_a_missing_model_says_how_to_fetch_it(home: Path) -> None:
    configure(home, 'backend = "local"')
    problem = fail(home, "say", "--no-download", "Keep me.")
    assert "companion models pull" in problem
    assert "Keep me." in succeed(home, "history", "show", "1")


def test_a_damaged_database_is_left_alone(home: Path) -> None:
    (home / "data").mkdir()
    (home / "data/companion.db").write_text("not a database " * 1000)
    assert "damaged" in fail(home, "say", "Hello")
    assert (home / "data/companion.db").read_text().startswith("not a database")


def test_models_and_backends_are_chosen(home: Path) -> None:
    listed = json.loads(succeed(home, "models", "list", "--json"))
    assert {"qwen2.5-1.5b", "qwen2.5-0.5b", "smollm2-135m"} <= {row["id"] for row in listed}
    assert not any(row["present"] for row in listed)
    assert "models pull smollm2-135m" in succeed(home, "models", "use", "smollm2-135m")
    rows = json.loads(succeed(home, "backends", "list", "--json"))
    assert [(r["name"], r["model"]) for r in rows if r["chosen"]] == [("local", "smollm2-135m")]
    succeed(home, "backends", "use", "script")
    assert succeed(home, "say", "Hello") == "First answer.\n"
    assert "gpt-9" in fail(home, "models", "use", "gpt-9")
    assert "was not here" in succeed(home, "models", "remove", "smollm2-135m")


def test_an_adapter_is_chosen_with_a_model(home: Path) -> None:
    def kept() -> object:
        return tomllib.loads((home / "config/settings.toml").read_text())["backends"]["local"]

    model = "smollm2-135m"
    assert "no file" in fail(home, "models", "use", model, "--adapter", "gone.gguf")
    mine = home / "mine.gguf"
    mine.write_bytes(b"GGUF")
    succeed(home, "models", "use", model, "--adapter", str(mine))
    assert kept() == {"kind": "local", "model": model, "adapter": str(mine)}
    succeed(home, "models", "use", model)
    assert kept() == {"kind": "local", "model": model, "adapter": ""}


def test_a_backend_is_tested(home: Path) -> None:
    result = json.loads(succeed(home, "backends", "test", "--json"))
    assert (result["backend"], result["reply"]) == ("script", "First answer.")


def test_personas(home: Path) -> None:
    assert "samantha" in [p["id"] for p in json.loads(succeed(home, "persona", "list", "--json"))]
    assert "[greetings]" in succeed(home, "persona", "show")
    assert "--- system" in succeed(home, "persona", "preview")
    own = home / "config/prompts/personas"
    own.mkdir(parents=True)
    shown = succeed(home, "persona", "show").split("\n", 1)[1]
    (own / "mine.toml").write_text(shown)
    succeed(home, "persona", "use", "mine")
    assert 'persona = "mine"' in (home / "config/settings.toml").read_text()
    (own / "mine.toml").write_text(shown.replace("[greetings]", "# {{naem}}\n[greetings]"))
    assert "mine.toml:" in fail(home, "say", "Hello")


def test_history(home: Path) -> None:
    say(home, "About the garden")
    rows = json.loads(succeed(home, "history", "list", "--json"))
    assert [(row["id"], row["title"]) for row in rows] == [(1, "About the garden")]
    messages = json.loads(succeed(home, "history", "show", "1", "--json"))
    assert [message["text"] for message in messages] == ["About the garden", "First answer."]
    assert "It stays" in succeed(home, "history", "delete", "1", given="n\n")
    succeed(home, "history", "delete", "1", "--yes")
    assert json.loads(succeed(home, "history", "list", "--json")) == []


def test_the_doctor(home: Path) -> None:
    report = json.loads(succeed(home, "doctor", "--json"))
    assert all(finding["ok"] for finding in report)
    assert {"python", "disk", "memory", "database", "backend"} <= {f["check"] for f in report}
    configure(home, 'backend = "a"\n[backends.a]\nmodel = "x"')
    assert "has no kind" in run(home, "doctor").stdout
    configure(home, 'backend = "local"')
    result = run(home, "doctor")
    assert result.returncode == 1
    assert "companion models pull" in result.stdout


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("strategies.toml", "[ask]", "[aks]"),
        ("exemplars/joy.toml", 'feeling = "joy"', 'feeling = "hunger"'),
        ("check_ins.toml", "[low]", "[lwo]"),
        ("appraise.md", "{{message}}", "{{mesage}}"),
    ],
)
def test_the_doctor_names_file_and_line_of_a_mistake(
    home: Path, name: str, old: str, new: str
) -> None:
    text = (PROMPTS / name).read_text()
    number = text[: text.index(old)].count("\n") + 1
    own = home / "config/prompts" / name
    own.parent.mkdir(parents=True)
    own.write_text(text.replace(old, new, 1))
    report = json.loads(run(home, "doctor", "--json").stdout)
    (wrong,) = [finding for finding in report if not finding["ok"]]
    assert wrong["check"] == "prompts"
    assert f"{own}:{number}: " in wrong["says"]


def test_the_doctor_finds_models_that_cannot_be_read(home: Path) -> None:
    code = "import sys; sys.modules['numpy'] = None; from companion.__main__ import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", code, "doctor", "--json"],
        env={**os.environ, "COMPANION_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    wrong = [finding for finding in json.loads(result.stdout) if not finding["ok"]]
    assert ({each["check"] for each in wrong}, result.returncode) == ({"mood", "safety"}, 1)
    assert all("pip install --force-reinstall companion" in each["says"] for each in wrong)


def test_a_read_only_home_is_explained() -> None:
    # Root may write everywhere but there.
    result = run(Path("/proc/companion" if Path("/proc").is_dir() else "/companion"), "say", "Hi")
    assert result.returncode == 1
    assert "COMPANION_HOME" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_home_that_is_a_file_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "home"
    file.write_text("")
    result = run(file, "say", "Hello")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1


def test_wrong_usage_is_status_two(home: Path) -> None:
    fail(home, "nonsense", status=2)
    fail(home, "say", "--nonsense", status=2)


def test_a_reader_that_goes_away_is_no_error(home: Path) -> None:
    command = [sys.executable, "-m", "companion", "persona", "show"]
    child = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "COMPANION_HOME": str(home)},
    )
    assert child.stdout
    assert child.stderr
    child.stdout.close()
    child.wait()
    assert b"Traceback" not in child.stderr.read()
    child.stderr.close()
