"""A mood model that is missing or damaged costs no turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.domain.errors import CompanionError, ModelError
from companion.domain.turn_events import Notice, ReplyEnded
from companion.late import LateMoodReader
from companion.mood import appraiser, model
from companion.mood.network import FILE
from companion.words.network import Network
from conversation_room import Room
from tui.stage import staged

# Of a file that breaks off numpy leaves the handle open.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def cut(path: Path) -> None:
    path.write_bytes(FILE.read_bytes()[:300_000])


def replace(path: Path) -> None:
    path.write_text("this is no model")


@pytest.fixture(params=[remove, cut, replace])
def broken(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LateMoodReader]:
    path = tmp_path / "emotions.npz"
    request.param(path)
    monkeypatch.setattr(model, "Network", lambda *_: Network(path))
    appraiser.load_appraiser.cache_clear()
    yield LateMoodReader()
    appraiser.load_appraiser.cache_clear()


def test_every_mood_is_unknown_and_the_reason_is_told(broken: LateMoodReader) -> None:
    assert broken.problem == ""
    assert not broken.appraise("I am so sad").known
    assert not broken.appraise_word("tired").known
    assert "companion doctor" in broken.problem
    with pytest.raises(ModelError, match="pip install --force-reinstall companion"):
        broken.load()


async def test_a_session_is_told_once(broken: LateMoodReader, room: Room) -> None:
    room.mind.reader = broken
    events = []
    for conversation in (room.begin(), room.begin()):
        for text in ("I am so sad", "still"):
            events += [event async for event in conversation.take_turn(text)]
    assert [event.text for event in events if isinstance(event, Notice)] == [broken.problem]
    assert len([event for event in events if isinstance(event, ReplyEnded)]) == 4
    assert not any(entry.appraisal.known for entry in room.moods.entries())


async def test_a_word_of_ones_own_is_refused_with_the_reason(
    broken: LateMoodReader, room: Room
) -> None:
    room.mind.reader = room.companion.diary._reader = broken
    with pytest.raises(CompanionError, match="mood model is damaged"):
        await room.companion.diary.set("tired")


async def test_it_is_told_when_she_has_answered(broken: LateMoodReader, room: Room) -> None:
    room.mind.reader = broken
    async with staged(room) as stage:
        await stage.say("I am so sad")
        await stage.until_silent()
        assert stage.status == broken.problem
        await stage.say("still")
        await stage.until_silent()
        assert stage.status == ""
