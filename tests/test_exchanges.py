"""The conversations that a model learns to talk from, and the checker that holds them."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
FILES = ROOT / "training/exchanges"


def check(folder: Path) -> tuple[int, dict[str, float], set[str], list[str]]:
    """Return the exit status, the figures, the names of broken ones, and what is wrong."""
    command = [sys.executable, "-m", "training.exchanges.check", str(folder), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    report = json.loads(done.stdout)
    figures = {figure["name"]: figure["value"] for figure in report["figures"]}
    broken = {figure["name"] for figure in report["figures"] if not figure["holds"]}
    return done.returncode, figures, broken, report["wrong"]


def conversation(reply: str = "Hello, you.", **changes: Any) -> dict[str, Any]:
    turn = {"user": "hi", "feels": ["joy"], "strategy": "lighten", "reply": reply}
    memories = changes.pop("memories", None)
    known = {} if memories is None else {"memories": memories}
    return {"about": "hello", **known, "turns": [turn | changes]}


def write(folder: Path, *conversations: Any) -> None:
    lines = [json.dumps(one) + "\n" for one in conversations]
    (folder / "more.jsonl").write_text("".join(lines), encoding="utf-8")


def test_the_conversations_keep_every_rule_and_limit() -> None:
    status, figures, broken, wrong = check(FILES)
    assert (status, broken, wrong) == (0, set(), [])
    assert figures["conversations"] >= 1500


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for path in FILES.glob("*.jsonl"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_what_was_told_before_and_what_is_copied_is_found(copy: Path) -> None:
    bank = tomllib.loads((ROOT / "prompts/exemplars/grief.toml").read_text(encoding="utf-8"))
    known = bank["exemplar"][0]
    told = json.loads((FILES / "hard.jsonl").read_text(encoding="utf-8").splitlines()[0])
    write(copy, told, conversation(known["reply"], user=known["user"], strategy="ask"))
    status, _, broken, _ = check(copy)
    assert status == 1
    assert broken == {
        "pairs of nearly equal beginnings",
        "pairs of nearly equal replies",
        "pairs with seven words in common",
        "messages copied from a probe or an exemplar",
        "replies copied from an exemplar",
    }


def test_a_strategy_that_hardly_any_reply_has_is_found(copy: Path) -> None:
    for path in copy.glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8")
        path.write_text(lines.replace('"strategy": "weigh"', '"strategy": "reflect"'), "utf-8")
    status, figures, broken, _ = check(copy)
    assert (status, broken) == (1, {"replies of the rarest strategy"})
    assert figures["replies of the rarest strategy"] == 0


def test_one_opening_too_often_is_found(copy: Path) -> None:
    names = [f"{one}{other}" for one in "bdfgk" for other in "aeiouy"]
    write(copy, *(conversation(f"Then the {n}r of {n}n.", user=f"{n} {n}l") for n in names))
    status, _, broken, _ = check(copy)
    assert (status, broken) == (1, {"share of the commonest two first words"})


BAD = {
    "a banned phrase": conversation("That must be hard. I'm here for you."),
    "more than one question": conversation("Who? And when?"),
    "asks nothing": conversation(strategy="ask"),
    "asks, and should sit": conversation("Why not?", strategy="sit"),
    "too short or too long": conversation("word " * 45 + "word"),
    "a list, markdown or a picture": conversation("- one\n- two"),
    "claims a body or to be human": conversation("When I was little my dog did that."),
    "has the strategy 'cheer'": conversation(strategy="cheer"),
    "feels ['hope']": conversation(feels=["hope"]),
    "uses [1]": conversation(memories=["You sing."], uses=[1]),
    "has uses and no memories, or the reverse": conversation(memories=["You sing."]),
    "has a text that is empty or none": conversation(user=" "),
    "has a field too many": conversation(mood="glad"),
    "has no turn, or more than 6": {"about": "none", "turns": []},
    "lacks the field 'turns'": {"about": "none"},
    "has another form": ["about", "turns"],
}


def test_each_broken_rule_is_told_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, *BAD.values())
    status, _, _, wrong = check(tmp_path)
    assert status == 1
    for number, fault in enumerate(BAD, 1):
        told = [line for line in wrong if line.startswith(f"more.jsonl:{number}") and fault in line]
        assert len(told) == 1, (fault, wrong)


def test_a_line_that_is_no_json_is_told(tmp_path: Path) -> None:
    (tmp_path / "more.jsonl").write_text("{about", encoding="utf-8")
    status, _, _, wrong = check(tmp_path)
    assert status == 1
    assert wrong[0].startswith("more.jsonl:1 is not JSON")
