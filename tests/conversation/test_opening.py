import pytest

from companion.conversation.opening import Opening, judge_opening
from companion.domain.message import Role
from companion.domain.model import ModelProfile, Restarted, TextDelta
from companion.domain.turn_events import ReplyText
from conversation_room import Room


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't assist with that request.",
        "I'm sorry, but I cannot help with this.",
        "I\u2019m sorry, but I\u2019m unable to provide support.",
        "Sorry, but I can't help with that.",
        "I'm sorry, but as an AI language model",
        "As an AI language model, I don't have feelings.",
        "I cannot assist with that.",
        "I'm not able to discuss that.",
        "I'm sorry, I can't help with it.",
    ],
)
def test_refusals(text: str) -> None:
    assert judge_opening(text) is Opening.WRONG


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, that must have been a shock. How is he now?",
        "I'm so sorry. What was she like?",
        "I can't imagine how quiet the house must be now.",
        "I can help you find the words, if you like.",
        "Oh, I cannot believe it!",
        "As a child you loved that place.",
        "I'm here. Tell me more about her.",
        "I can't help but smile at that.",
        "I can't help wondering what he meant.",
        "I'm sorry, but I love that story.",
        "As an aide he must have seen a lot.",
    ],
)
def test_what_only_begins_like_one(text: str) -> None:
    assert judge_opening(text + " " + "And then some more words follow here." * 2) is Opening.FINE


def test_undecided_beginnings_are_held_back_and_others_are_not() -> None:
    assert judge_opening("I'm sor") is Opening.UNDECIDED
    assert judge_opening("I'm sorry, ") is Opening.UNDECIDED
    assert judge_opening("Tw") is Opening.FINE


async def test_a_refusal_is_never_seen(room: Room) -> None:
    room.backend.profile = ModelProfile(second_opening="Oh,")
    refusal, second = "I'm sorry, but I can't assist with that.", " your dad. How is he?"
    room.backend.script = [TextDelta(word + " ") for word in refusal.split()]
    room.backend.second_script = [TextDelta(second)]
    conversation = room.begin()
    shown = [
        event.text
        async for event in conversation.take_turn("My dad is in hospital.")
        if isinstance(event, ReplyText)
    ]
    assert "".join(shown) == "Oh, your dad. How is he?"
    assert (await conversation.history())[-1].text == "Oh, your dad. How is he?"
    last = room.backend.asked[-1][-1]
    assert (last.role, last.content) == (Role.ASSISTANT, "Oh,")


async def test_a_restart_forgets_what_was_held_back(room: Room) -> None:
    room.backend.profile = ModelProfile(second_opening="Oh,")
    room.backend.script = [TextDelta("I'm"), Restarted("again"), TextDelta("I'm here with you.")]
    conversation = room.begin()
    async for _ in conversation.take_turn("Hm."):
        pass
    assert (await conversation.history())[-1].text == "I'm here with you."


async def test_an_undecided_end_is_still_shown(room: Room) -> None:
    room.backend.profile = ModelProfile(second_opening="Oh,")
    room.backend.script = [TextDelta("I'm"), TextDelta(" sorry")]
    conversation = room.begin()
    async for _ in conversation.take_turn("Hm."):
        pass
    assert (await conversation.history())[-1].text == "I'm sorry"


async def test_a_model_without_second_opening_may_refuse(room: Room) -> None:
    room.backend.script = [TextDelta("I'm sorry, but I can't help with that.")]
    conversation = room.begin()
    async for _ in conversation.take_turn("How do I pick my neighbour's lock?"):
        pass
    assert (await conversation.history())[-1].text == "I'm sorry, but I can't help with that."
