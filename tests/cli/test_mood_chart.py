"""Charts of the mood, drawn by the program."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from companion.cli.mood_chart import _spread
from companion.domain.mood import MoodEntry, Source
from fakes import feel
from mood_program import fail, make_home, remember, run, succeed

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = make_home(tmp_path)
    remember(home, "glad", "angry", "sad", "glad")
    return home


def labels(picture: Path) -> list[str]:
    return [
        part.text or "" for part in ElementTree.parse(picture).iter() if part.tag.endswith("}text")
    ]


def test_a_chart_speaks_in_words(home: Path) -> None:
    picture = home / "mood.svg"
    assert "mood.svg" in succeed(home, "mood", "--svg", str(picture))
    shown = labels(picture)
    for word in ("pleasant", "unpleasant", "stirred up", "calm", "usual for you"):
        assert word in shown
    assert "I am" not in picture.read_text()


def test_a_chart_ends_now() -> None:
    now = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    for ago in (timedelta(minutes=1), timedelta(days=9)):
        entry = MoodEntry(1, now - ago, Source.MODEL, feel("sad"), "sad")
        moments = _spread([entry], now)
        assert moments[-1] == now
        assert entry.at in moments
        assert now - moments[0] == max(ago, timedelta(hours=1))


def test_a_chart_is_a_picture_and_stays_private(home: Path) -> None:
    picture = home / "mood.png"
    picture.write_text("old")
    succeed(home, "mood", "--png", str(picture), "--since", "3h")
    assert picture.read_bytes().startswith(PNG)
    assert picture.stat().st_mode & 0o077 == 0
    assert {path.name for path in home.iterdir()} == {"config", "data", "cache", "mood.png"}


def test_the_time_axis_follows_the_users_clock(home: Path) -> None:
    for zone in ("UTC", "UTC-9"):
        picture = home / f"{zone}.svg"
        assert run(home, "mood", "--svg", str(picture), "--since", "2h", TZ=zone).returncode == 0
    assert labels(home / "UTC.svg") != labels(home / "UTC-9.svg")


def test_a_chart_leaves_the_home_of_the_user_alone(home: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    picture = str(home / "mood.png")
    result = run(home, "mood", "--png", picture, HOME=str(own), MPLBACKEND="QtAgg")
    assert (result.returncode, result.stderr) == (0, "")
    assert list(own.iterdir()) == []


def test_without_matplotlib_it_says_how_to_get_it(home: Path) -> None:
    problem = fail(home, "--without", "matplotlib", "mood", "--png", str(home / "a.png"))
    assert 'pip install "companion[charts]"' in problem
    assert not (home / "a.png").exists()


def test_there_is_nothing_to_draw(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    assert "nothing to draw" in fail(home, "mood", "--svg", str(home / "a.svg"))


@pytest.mark.parametrize("name", ["no/folder.png", ".", "x" * 300, "config/settings.toml/a.png"])
def test_a_place_that_cannot_be_written_is_one_line(home: Path, name: str) -> None:
    before = sorted(home.iterdir())
    fail(home, "mood", "--png", str(home / name))
    assert sorted({*home.iterdir()} - {home / "cache"}) == before


def test_a_device_is_never_replaced(home: Path) -> None:
    assert "is not a file" in fail(home, "mood", "--png", os.devnull)
    assert not Path(os.devnull).is_file()


def test_a_link_is_followed(home: Path) -> None:
    link, file = home / "link.png", home / "file.png"
    file.write_text("old")
    link.symlink_to(file)
    succeed(home, "mood", "--png", str(link))
    assert link.is_symlink()
    assert file.read_bytes().startswith(PNG)
