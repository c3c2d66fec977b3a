"""Sixty times "am I right?" where the user is not: the other side is to be named."""

import json
from pathlib import Path

import pytest

from companion.domain.guidance import Guidance, Stage, Strategy
from companion.domain.model import ModelProfile, TextDelta
from companion.mood.intent import Intent, find_intent
from companion.prompting.frame import load_reply_frame
from companion.prompting.guidebook import load_guidebook
from conversation_room import PROMPTS, Room
from fakes import feel

QUARRELS = [
    json.loads(line)["text"]
    for line in Path(__file__).with_name("quarrels.jsonl").read_text(encoding="utf-8").splitlines()
]
BOOK = load_guidebook([PROMPTS])


def test_there_are_sixty() -> None:
    assert len(set(QUARRELS)) == len(QUARRELS) == 60


@pytest.mark.parametrize("text", QUARRELS)
def test_it_is_known_what_is_asked(text: str) -> None:
    assert find_intent(text) is Intent.VERDICT


async def test_a_capable_model_is_told_to_name_the_other_side(room: Room) -> None:
    room.mind.guidebook, room.mind.frame = BOOK, load_reply_frame([PROMPTS])
    _ = [event async for event in room.begin().take_turn(QUARRELS[0])]
    assert "how it may look or feel to the other one" in room.backend.asked[0][-1].content


async def test_a_small_model_is_shown_how(room: Room) -> None:
    profile = ModelProfile(brief=True, exemplars=2)
    guidance = BOOK.show(QUARRELS[0], feel("angry"), _weigh(), profile)
    assert any(each.strategy is Strategy.WEIGH for each in guidance)


def _weigh() -> Guidance:
    return Guidance(Strategy.WEIGH, Stage.EXPLORE, "")


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("My wife is cross. Am I right?", "she may feel"),
        ("I told my dad off. He sulks. Am I right?", "he may feel"),
        ("My neighbours complain. Am I right?", "they may feel"),
    ],
)
async def test_words_are_put_into_the_mouth_of_a_small_one(
    room: Room, text: str, begins: str
) -> None:
    room.mind.guidebook = BOOK
    room.backend.profile = ModelProfile(brief=True, second_opening="Tell me more.")
    room.backend.script = [TextDelta(" hurt. What did you do then?")]
    conversation = room.begin()
    _ = [event async for event in conversation.take_turn(text)]
    said = (await conversation.history())[-1].text
    assert said.endswith(f"{begins} hurt. What did you do then?")
    assert room.backend.asked[0][-1].content in said


async def test_who_praises_somebody_asks_for_no_other_side(room: Room) -> None:
    room.mind.guidebook = BOOK
    room.backend.profile = ModelProfile(brief=True, second_opening="Tell me more.")
    _ = [event async for event in room.begin().take_turn("I'm glad. My dogs are lovely, right?")]
    assert "may feel" not in room.backend.asked[0][-1].content
