"""A language model judges a mood once more, after the reply."""

import json

import pytest

from companion.conversation.engine import Conversation
from companion.domain.errors import BackendError
from companion.domain.model import ModelProfile, TextDelta
from companion.domain.mood import Source
from companion.prompting.appraise import APPRAISAL_FORM
from conversation_room import Room

ANSWER = {
    **{"labels": ["grief", "love"], "valence": -0.7, "arousal": 0.1, "dominance": -0.4},
    **{"intensity": 0.9, "confidence": 0.8, "evidence": ["the house is so quiet", "not said"]},
}


@pytest.fixture
async def said(room: Room) -> Conversation:
    room.mind.appraise_prompt = "{{labels}} {{context}} {{message}}"
    room.backend.profile = ModelProfile(structured=True)
    conversation = room.begin()
    async for _ in conversation.take_turn("the house is so quiet without him"):
        pass
    room.backend.script = [TextDelta(json.dumps(ANSWER))]
    return conversation


async def test_both_judgements_are_kept_and_the_better_one_counts(
    room: Room, said: Conversation
) -> None:
    entry = await said.reflect()
    assert entry is not None
    assert (entry.source, entry.appraisal.labels) == (Source.LLM, ("grief", "love"))
    assert entry.appraisal.evidence == ("the house is so quiet",)
    assert entry.message_id is not None
    sources = [each.source for each in room.moods.of_message(entry.message_id)]
    assert sources == [Source.MODEL, Source.LLM]
    assert room.moods.entries() == [entry]
    assert room.backend.forms[-1] == APPRAISAL_FORM


async def test_it_happens_once(room: Room, said: Conversation) -> None:
    await said.reflect()
    assert await said.reflect() is None
    assert len(room.backend.asked) == 2


@pytest.mark.parametrize("answer", ["", "{", "[]", json.dumps(ANSWER | {"labels": ["hunger"]})])
async def test_nonsense_changes_nothing(room: Room, said: Conversation, answer: str) -> None:
    room.backend.script = [TextDelta(answer)]
    assert await said.reflect() is None
    assert [entry.source for entry in room.moods.entries()] == [Source.MODEL]


async def test_a_failure_harms_nothing(room: Room, said: Conversation) -> None:
    room.backend.script = [BackendError("gone")]
    assert await said.reflect() is None


async def test_nothing_is_asked_without_leave(room: Room, said: Conversation) -> None:
    room.mind.appraise_prompt = ""
    assert await said.reflect() is None
    room.mind.appraise_prompt = "x"
    room.backend.profile = ModelProfile()
    assert await said.reflect() is None
    assert len(room.backend.asked) == 1


async def test_the_users_word_is_not_judged(room: Room, said: Conversation) -> None:
    (entry,) = room.moods.entries()
    await room.companion.diary.correct(entry.id, "tired")
    assert await said.reflect() is None
