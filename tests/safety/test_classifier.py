"""A classifier that is missing or damaged costs no turn: the rules go on alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.cli import doctor
from companion.domain.errors import ModelError
from companion.safety import classifier
from companion.safety.screen import RuledScreen


def remove(path: Path, _: bytes) -> None:
    path.unlink(missing_ok=True)


def cut(path: Path, whole: bytes) -> None:
    path.write_bytes(whole[:50_000])


def replace(path: Path, _: bytes) -> None:
    path.write_text("this is no classifier")


def lose_a_head(path: Path, whole: bytes) -> None:
    path.write_bytes(whole.replace(b'"grave"', b'"brave"', 1))


@pytest.fixture(params=[remove, cut, replace, lose_a_head])
def broken(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    path = tmp_path / "classifier.bin"
    request.param(path, classifier.FILE.read_bytes())
    monkeypatch.setattr(classifier, "FILE", path)
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
    with pytest.raises(ModelError, match=r"rules alone.*pip install --force-reinstall companion"):
        classifier.load_classifier()
    found = {each.check: each for each in doctor._examine()}["safety"]
    assert not found.ok
    assert "rules alone" in found.says


def test_a_whole_one_is_found() -> None:
    assert classifier.find_classifier() is not None
