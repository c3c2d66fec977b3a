"""A reader that is missing or damaged costs no turn: the rules go on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from companion.cli import doctor
from companion.domain.errors import ModelError
from companion.safety import classifier
from companion.safety.reading import read
from companion.safety.screen import RuledScreen

HINT = "I keep thinking how easy it would be to just let the river have me."


def remove(path: Path, _: bytes) -> None:
    path.unlink(missing_ok=True)


def cut(path: Path, whole: bytes) -> None:
    path.write_bytes(whole[:50_000])


def replace(path: Path, _: bytes) -> None:
    path.write_text("this is no classifier")


def lose_a_head(path: Path, whole: bytes) -> None:
    path.write_bytes(whole)
    with np.load(path) as kept:
        np.savez(path, **{**kept, "calibration": kept["calibration"][:, 1:]})


def lose_an_output(path: Path, whole: bytes) -> None:
    path.write_bytes(whole)
    with np.load(path) as kept:
        fewer = {name: kept[name][..., 1:] for name in ("head", "head_bias")}
        np.savez(path, **{**kept, **fewer})


@pytest.fixture(
    params=[
        *(("FILE", damage) for damage in (remove, cut, replace, lose_a_head)),
        *(("SECOND_FILE", damage) for damage in (remove, cut, replace, lose_an_output)),
    ]
)
def broken(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    name, damage = request.param
    path = tmp_path / "damaged.npz"
    damage(path, getattr(classifier, name).read_bytes())
    monkeypatch.setattr(classifier, name, path)
    monkeypatch.setenv("COMPANION_HOME", str(tmp_path / "home"))
    classifier.find_classifier.cache_clear()
    yield
    classifier.find_classifier.cache_clear()


@pytest.mark.usefixtures("broken")
def test_the_rules_go_on_alone() -> None:
    screen = RuledScreen()
    assert screen.screen("i want to kill myself").card
    assert screen.screen("the soup was good").tier == 0


@pytest.mark.usefixtures("broken")
def test_the_doctor_says_so() -> None:
    with pytest.raises(ModelError, match=r"sees less.*pip install --force-reinstall companion"):
        classifier.load_classifier()
    found = {each.check: each for each in doctor._examine()}["safety"]
    assert not found.ok
    assert "sees less" in found.says


def test_a_whole_one_is_found() -> None:
    assert classifier.find_classifier() is not None


DANGER = "i have the pills in my hand and nobody will find me before monday"


def test_danger_in_the_middle_of_much_else_is_seen() -> None:
    calm = "the market was full and we bought bread, cheese and a plant for the kitchen. " * 6
    screen = RuledScreen()
    assert screen.screen(f"{calm}{DANGER}. {calm}").card
    assert not screen.screen(calm * 2).tier


def test_the_evidence_is_where_the_danger_is() -> None:
    found = RuledScreen().screen(f"we had soup and went for a walk. {DANGER}")
    assert any("pills" in piece for piece in found.evidence)


def test_one_message_keeps_one_thread_busy() -> None:
    code = (
        "import os; from companion.safety.screen import load_screen; "
        "load_screen(); import numpy; numpy.ones((900, 900)) @ numpy.ones((900, 900)); "
        "print(len(os.listdir('/proc/self/task')))"
    )
    environ = {key: value for key, value in os.environ.items() if "NUM_THREADS" not in key}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, env=environ
    )
    assert done.stdout.strip() == "1"


@pytest.mark.parametrize("before", [0, 6, 12])
def test_what_is_grave_is_seen_amid_much_talk(before: int) -> None:
    talk = ["We had soup with the neighbours and it rained."] * 12
    text = " ".join([*talk[:before], HINT, *talk[before:]])
    found = classifier.load_classifier().guess(read(text), ())
    seen = read(text).words[slice(*found.words)]
    assert found.tier == 2
    assert set(seen) & set(read(HINT).words)


def test_much_talk_is_just_that() -> None:
    talk = "We had soup with the neighbours and it rained. " * 12
    assert classifier.load_classifier().guess(read(talk), ()).tier == 0
