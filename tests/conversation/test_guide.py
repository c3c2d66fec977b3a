"""What she notices in a turn, keeps of it, and is told because of it."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from itertools import pairwise

import pytest

from companion.conversation.engine import Conversation
from companion.domain.errors import StoreError
from companion.domain.guidance import Stage, Strategy
from companion.domain.model import ModelProfile, TextDelta
from companion.domain.mood import Source
from companion.domain.turn_events import MoodNoticed, TurnEvent, UserMessageSaved
from companion.prompting.frame import ReplyFrame
from conversation_room import FRAME, Room


@pytest.fixture
def guided(room: Room) -> Room:
    room.mind.frame = ReplyFrame(FRAME.stable, "{{when}} {{mood}} {{strategy}}")
    room.backend.profile = ModelProfile(exemplars=1, brief=True)
    return room


async def collect(events: AsyncGenerator[TurnEvent, None]) -> list[TurnEvent]:
    return [event async for event in events]


async def noticed(conversation: Conversation, text: str) -> MoodNoticed:
    events = await collect(conversation.take_turn(text))
    assert isinstance(events[0], UserMessageSaved)
    found = events[1]
    assert isinstance(found, MoodNoticed)
    return found


async def test_a_turn_is_appraised_and_kept_with_its_evidence(guided: Room) -> None:
    found = await noticed(guided.begin(), "I feel so sad today.")
    (entry,) = guided.moods.entries()
    assert found.entry == entry
    assert (entry.source, entry.appraisal.labels) == (Source.MODEL, ("sadness",))
    assert entry.appraisal.evidence == ("sad",)
    assert found.mood.affect.valence < 0


async def test_the_model_is_told_mood_and_strategy_with_the_message(guided: Room) -> None:
    conversation = guided.begin()
    found = await noticed(conversation, "I feel so sad today.")
    last = guided.backend.asked[0][-1].content
    assert last.endswith("They seem sad. reflect!]\nI feel so sad today.")
    assert (await conversation.history())[0].note in last
    assert found.guidance.reason == 'you seemed sad, because you wrote "sad"'


async def test_an_exemplar_that_fits_stands_before_the_conversation(guided: Room) -> None:
    conversation = guided.begin()
    await noticed(conversation, "I feel so sad today.")
    contents = [message.content for message in guided.backend.asked[0]]
    assert contents[-3:-1] == ["so low", "That low. Since when?"]


async def test_exemplars_stay_where_they_are_while_the_feeling_does(guided: Room) -> None:
    conversation = guided.begin()
    await noticed(conversation, "I feel so sad today.")
    await noticed(conversation, "angry, too")
    first, second = guided.backend.asked
    assert second[: len(first)] == first


async def test_exemplars_change_with_the_feeling_early_on(guided: Room) -> None:
    conversation = guided.begin()
    await noticed(conversation, "I feel so sad today.")
    found = await noticed(conversation, "but now I'm glad")
    assert found.guidance.exemplars[0].user == "i won!"


async def test_exemplars_do_not_change_late(guided: Room) -> None:
    conversation = guided.begin()
    for _ in range(4):
        await noticed(conversation, "I feel so sad today.")
    found = await noticed(conversation, "but now I'm glad")
    assert found.guidance.exemplars[0].user == "so low"
    assert found.guidance.strategy is Strategy.CELEBRATE


async def test_exemplars_change_after_a_long_pause(guided: Room) -> None:
    conversation = guided.begin()
    for _ in range(4):
        await noticed(conversation, "I feel so sad today.")
    guided.clock.advance(timedelta(hours=2))
    found = await noticed(conversation, "but now I'm glad")
    assert found.guidance.exemplars[0].user == "i won!"


async def test_exemplars_stay_while_calm_words_pass(guided: Room) -> None:
    conversation = guided.begin()
    await noticed(conversation, "I feel so sad today.")
    found = await noticed(conversation, "The bus leaves at nine.")
    assert found.guidance.exemplars[0].user == "so low"


async def test_exemplars_are_dropped_where_none_is_near(guided: Room) -> None:
    conversation = guided.begin()
    await noticed(conversation, "I feel so sad today.")
    found = await noticed(conversation, "What is the capital of Peru?")
    assert found.guidance.strategy is Strategy.INFORM
    assert found.guidance.exemplars == ()


async def test_nobody_out_of_the_examples_comes_into_a_reply(guided: Room) -> None:
    guided.backend.profile = ModelProfile(second_opening="Oh,")
    guided.backend.script = [TextDelta("That hurts. Your cat misses you. What happened?")]
    conversation = guided.begin()
    await noticed(conversation, "I feel so sad today.")
    assert (await conversation.history())[-1].text == "That hurts. What happened?"
    guided.clock.advance(timedelta(minutes=1))
    await noticed(conversation, "My kitten is ill, I'm so sad")
    assert "Your cat" in (await conversation.history())[-1].text


async def test_the_users_own_word_overrides_and_the_log_shows_it(guided: Room) -> None:
    conversation = guided.begin()
    await noticed(conversation, "I feel so sad today.")
    found = await noticed(conversation, "no, I'm not sad, just tired")
    assert [entry.appraisal.word for entry in guided.moods.entries()] == ["tired", "tired"]
    question = (await conversation.history())[0]
    kept = guided.moods.of_message(question.id)
    assert [entry.source for entry in kept] == [Source.MODEL, Source.USER]
    assert found.guidance.mood == "They say they are tired."


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("so sad today", "glad of the rain"), ["tired", "", "tired"]),
        (("so sad today", "and sad again", "hm"), ["", "tired", "", "tired"]),
        (("angry, really", "hm"), ["tired", "", "tired"]),
        (("glad, really", "hm"), ["", "", "tired"]),
    ],
)
async def test_the_message_that_is_meant_is_put_right(
    guided: Room, texts: tuple[str, ...], words: list[str]
) -> None:
    conversation = guided.begin()
    for text in (*texts, "no, I'm not sad, just tired"):
        await noticed(conversation, text)
        guided.clock.advance(timedelta(minutes=5))
    assert [entry.appraisal.word for entry in guided.moods.entries()] == words


async def test_a_calm_message_says_nothing_of_mood(guided: Room) -> None:
    found = await noticed(guided.begin(), "The library opens at nine on weekdays.")
    assert found.guidance.mood == ""


async def test_the_stage_moves_from_exploring_to_acting(guided: Room) -> None:
    conversation = guided.begin()
    found = [await noticed(conversation, "I feel so sad today, honestly.") for _ in range(6)]
    stages = [each.guidance.stage for each in found]
    assert stages == [Stage.EXPLORE] * 2 + [Stage.COMFORT] * 3 + [Stage.ACT]
    strategies = [each.guidance.strategy for each in found]
    assert all(one is not two for one, two in pairwise(strategies))


async def test_a_second_answer_is_guided_alike_and_kept_once(guided: Room) -> None:
    conversation = guided.begin()
    await noticed(conversation, "I feel so sad today.")
    events = await collect(conversation.answer_again())
    assert not any(isinstance(event, MoodNoticed) for event in events)
    assert guided.backend.asked[0] == guided.backend.asked[1]
    assert len(guided.moods.entries()) == 1


async def test_what_is_said_differently_counts_instead(guided: Room) -> None:
    conversation = guided.begin()
    await noticed(conversation, "I feel so sad today.")
    await collect(conversation.edit_last("I feel so glad today."))
    assert [entry.appraisal.labels for entry in guided.moods.entries()] == [("joy",)]


async def test_her_words_are_the_context(guided: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    contexts = []
    appraise = guided.mind.reader.appraise

    def listen(text: str, context: str = "") -> object:
        contexts.append(context)
        return appraise(text, context)

    monkeypatch.setattr(guided.mind.reader, "appraise", listen)
    conversation = guided.begin()
    await noticed(conversation, "hello")
    await noticed(conversation, "yes")
    assert contexts == ["", "Hello there."]


async def test_the_mood_fades_while_nobody_talks(guided: Room) -> None:
    found = await noticed(guided.begin(), "I feel so sad today.")
    guided.clock.advance(timedelta(days=3))
    later = await guided.companion.diary.now()
    assert found.mood.affect.valence < later.affect.valence < later.baseline.valence + 0.01


async def test_a_word_about_something_else_puts_nothing_right(guided: Room) -> None:
    conversation = guided.begin()
    await noticed(conversation, "I feel so sad today.")
    await noticed(conversation, "I'm not hungry, just tired")
    words = [entry.appraisal.word for entry in guided.moods.entries()]
    assert words == ["", "tired"]


async def test_what_was_long_ago_is_not_put_right(guided: Room) -> None:
    conversation = guided.begin()
    await noticed(conversation, "I feel so sad today.")
    guided.clock.advance(timedelta(days=3))
    await noticed(conversation, "no, I'm not sad, just tired")
    assert [entry.appraisal.word for entry in guided.moods.entries()] == ["", "tired"]


async def test_what_was_erased_is_not_noticed_again(guided: Room) -> None:
    conversation = guided.begin()
    found = await noticed(conversation, "I feel so sad today.")
    await guided.companion.diary.delete(found.entry.id)
    await collect(conversation.answer_again())
    assert guided.moods.entries() == []


async def test_another_model_gets_only_as_many_exemplars_as_suit_it(guided: Room) -> None:
    conversation = guided.begin()
    await noticed(conversation, "I feel so sad today.")
    guided.backend.profile = ModelProfile(exemplars=0)
    found = await noticed(conversation, "sad, still")
    assert found.guidance.exemplars == ()


async def test_a_turn_is_noticed_whole_or_not_at_all(
    guided: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(guided.moods, "keep_guidance", fail)
    conversation = guided.begin()
    with pytest.raises(StoreError, match="disk is full"):
        await collect(conversation.take_turn("I feel so sad today."))
    (message,) = await conversation.history()
    assert (message.text, message.note) == ("I feel so sad today.", "")
    assert guided.moods.of_message(message.id) == []
