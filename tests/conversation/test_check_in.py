"""Coming back to how somebody was."""

from datetime import timedelta
from pathlib import Path

import pytest

from companion.conversation.check_in import CheckIns
from companion.conversation.companion import Companion
from companion.domain.errors import PromptError
from companion.domain.mood import MoodFamily
from companion.prompting.check_ins import load_check_ins
from conversation_room import Room

PROMPTS = Path(__file__).parents[2] / "prompts"


def attentive(room: Room) -> Companion:
    check_ins = CheckIns(room.moods, load_check_ins([PROMPTS]))
    return Companion(room.mind, lambda _: room.backend, [], lambda: None, check_ins=check_ins)


async def talk(companion: Companion, *texts: str) -> None:
    conversation, _ = await companion.resume_or_begin()
    for text in texts:
        async for _ in conversation.take_turn(text):
            pass


async def first_words(companion: Companion) -> str:
    conversation, _ = await companion.resume_or_begin()
    return (await conversation.history())[0].text


@pytest.mark.parametrize(
    ("text", "pause", "either", "other"),
    [
        ("I feel so sad.", 2, "low on Sunday", "heavy on Sunday"),
        ("I feel so sad.", 1, "low yesterday", "heavy yesterday"),
        ("I feel so sad.", 8, "low last week", "heavy last week"),
        ("no, I'm not sad, just tired", 2, "worn out on Sunday", "empty on Sunday"),
        ("I'm so glad today!", 1, "spirits yesterday", "news yesterday"),
        ("I'm so afraid of tomorrow", 1, "worrying you yesterday", "on edge yesterday"),
        ("I am angry about it", 1, "cross yesterday", "thunder yesterday"),
    ],
)
async def test_her_first_words_fit_the_last_mood(
    room: Room, text: str, pause: int, either: str, other: str
) -> None:
    companion = attentive(room)
    await talk(companion, text, "good night")
    room.clock.advance(timedelta(days=pause))
    first = await first_words(companion)
    await talk(companion, text)
    room.clock.advance(timedelta(days=pause))
    second = await first_words(companion)
    assert sorted([either in first, other in first]) == [False, True]
    assert first != second


async def test_too_soon_or_too_late_is_left_alone(room: Room) -> None:
    companion = attentive(room)
    await talk(companion, "I feel so sad.")
    room.clock.advance(timedelta(days=20))
    assert await first_words(companion) == "Again!"


async def test_a_calm_talk_is_nothing_to_come_back_to(room: Room) -> None:
    companion = attentive(room)
    await talk(companion, "The library opens at nine.")
    room.clock.advance(timedelta(days=1))
    assert await first_words(companion) == "Again!"


async def test_she_can_be_told_not_to(room: Room) -> None:
    await talk(room.companion, "I feel so sad.")
    room.clock.advance(timedelta(days=1))
    assert await first_words(room.companion) == "Again!"


def test_every_kind_of_mood_has_words() -> None:
    assert load_check_ins([PROMPTS]).keys() == set(MoodFamily)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[low]\nwords = []", "low.words|words"),
        ("[cheery]\nwords = ['x']", "cheery is no kind of mood"),
        ("[low]\nwords = ['{{day}}']", "nothing fills {{day}}"),
        ("[low", "not valid TOML"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "check_ins.toml").write_text(text)
    with pytest.raises(PromptError, match=complaint):
        load_check_ins([tmp_path])
