"""What happens to a message in which there is danger."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta

import pytest

from companion.domain.care import PlanPart
from companion.domain.errors import BackendError, StoreError
from companion.domain.message import Message, PromptMessage, Status
from companion.domain.model import ModelProfile, TextDelta
from companion.domain.preparation import ModelNeeded, Preparation
from companion.domain.safety import Danger
from companion.domain.turn_events import (
    CrisisCardShown,
    MoodNoticed,
    Notice,
    ReplyEnded,
    ReplyText,
    TurnEvent,
    UserMessageSaved,
)
from companion.safety.screen import RuledScreen
from conversation_room import CRISIS_BOOK, Room
from fakes import ObedientBackend

WORDS = CRISIS_BOOK.words[Danger.SUICIDE]


async def collect(turn: AsyncGenerator[TurnEvent, None]) -> list[TurnEvent]:
    async with aclosing(turn) as events:
        return [event async for event in events]


def reply_in(events: Sequence[TurnEvent]) -> Message:
    last = events[-1]
    assert isinstance(last, ReplyEnded)
    return last.message


@dataclass
class DownBackend(ObedientBackend):
    """A backend that cannot even be reached to get ready."""

    async def prepare(self, prefix: Sequence[PromptMessage]) -> AsyncGenerator[Preparation, None]:
        raise BackendError("Nobody answers at that address.")
        yield


async def test_the_card_comes_right_after_the_message_is_safe(room: Room) -> None:
    events = await collect(room.begin().take_turn("I want to die"))
    saved, shown, noticed = events[:3]
    assert isinstance(saved, UserMessageSaved)
    assert isinstance(shown, CrisisCardShown)
    assert isinstance(noticed, MoodNoticed)
    assert shown.screening.tier == 2
    assert [line.call for line in shown.card.country.lines[:2]] == ["988", "116 123"]


async def test_the_card_waits_for_no_mood_and_no_model(room: Room) -> None:
    turn = room.begin().take_turn("I want to die")
    await anext(turn)
    assert isinstance(await anext(turn), CrisisCardShown)
    assert room.backend.asked == []
    assert room.moods.entries() == []
    await turn.aclose()
    # Whoever leaves at this moment has seen it all the same.
    assert room.safety.card_is_open(room.clock.now() - timedelta(hours=1))


async def test_everyday_talk_brings_no_card_and_is_not_kept(room: Room) -> None:
    events = await collect(room.begin().take_turn("This job is killing me"))
    assert not [event for event in events if isinstance(event, CrisisCardShown)]
    assert room.safety.count(room.clock.now().year) == []


async def test_the_screen_is_given_what_the_user_wrote_before(room: Room) -> None:
    conversation = room.begin()
    await collect(conversation.take_turn("I gave my books away."))
    await collect(conversation.take_turn("The cat, too."))
    assert room.screen.asked[-1] == ("The cat, too.", ("I gave my books away.",))


@pytest.mark.parametrize("said", ["I want to die", "tonight I will do it"])
async def test_with_no_model_the_written_words_are_the_reply(room: Room, said: str) -> None:
    room.mind.backend = DownBackend()
    conversation = room.begin()
    events = await collect(conversation.take_turn(said))
    reply = reply_in(events)
    assert reply.status is Status.COMPLETE
    assert reply.text in (WORDS.urgent if "tonight" in said else WORDS.talk)
    assert "".join(e.text for e in events if isinstance(e, ReplyText)) == reply.text
    assert Notice("Nobody answers at that address.") in events
    question = (await conversation.history())[0]
    assert question.status is Status.ANSWERED


async def test_a_model_that_breaks_off_gives_way_to_the_written_words(room: Room) -> None:
    room.backend.script = [TextDelta("Well, "), BackendError("It broke off.")]
    reply = reply_in(await collect(room.begin().take_turn("I want to die")))
    assert reply.text in WORDS.talk


async def test_after_a_crisis_a_missing_model_is_no_silence(room: Room) -> None:
    conversation = room.begin()
    await collect(conversation.take_turn("I want to die"))
    room.mind.backend = DownBackend()
    reply = reply_in(await collect(conversation.take_turn("I don't know")))
    assert reply.text in WORDS.after


async def test_elsewhere_a_failure_stays_a_failure(room: Room) -> None:
    room.mind.backend = DownBackend()
    assert reply_in(await collect(room.begin().take_turn("Hello"))).status is Status.FAILED


async def test_a_small_model_is_not_asked_about_danger(room: Room) -> None:
    room.backend.profile = ModelProfile(brief=True)
    reply = reply_in(await collect(room.begin().take_turn("I want to die")))
    assert room.backend.asked == []
    assert reply.text in WORDS.talk
    assert (reply.backend, reply.model) == ("written", "crisis_words.toml")
    assert room.transcript.usual_wait("written", "crisis_words.toml") is None


async def test_a_small_model_keeps_silent_until_the_card_is_put_aside(room: Room) -> None:
    room.backend.profile = ModelProfile(brief=True)
    conversation = room.begin()
    await collect(conversation.take_turn("I want to die"))
    reply = reply_in(await collect(conversation.take_turn("nobody would notice")))
    assert reply.text in WORDS.after
    assert room.backend.asked == []
    await room.companion.care.put_aside()
    await collect(conversation.take_turn("I called my sister"))
    assert CRISIS_BOOK.staying in room.backend.asked[-1][-1].content


async def test_a_crisis_is_not_left_behind_in_the_old_conversation(room: Room) -> None:
    await collect(room.begin().take_turn("I want to die"))
    await collect(room.begin().take_turn("Hello"))
    assert CRISIS_BOOK.staying in room.backend.asked[-1][-1].content


async def test_nobody_in_danger_is_asked_to_fetch_a_small_model(room: Room) -> None:
    room.backend.profile = ModelProfile(brief=True)
    room.backend.steps = [ModelNeeded("small", "Small", 1, "MIT")]
    events = await collect(room.begin().take_turn("I want to die"))
    assert not [event for event in events if isinstance(event, ModelNeeded)]


async def test_a_large_model_is_framed_and_shown_no_exemplars(room: Room) -> None:
    room.backend.profile = ModelProfile(exemplars=2)
    conversation = room.begin()
    await collect(conversation.take_turn("I am so sad"))
    await collect(conversation.take_turn("I want to die"))
    prompt = room.backend.asked[-1]
    assert CRISIS_BOOK.staying in prompt[-1].content
    assert "That low. Since when?" not in [message.content for message in prompt]


async def test_a_hint_makes_her_ask_without_a_card(room: Room) -> None:
    events = await collect(room.begin().take_turn("It is all pointless"))
    assert not [event for event in events if isinstance(event, CrisisCardShown)]
    assert CRISIS_BOOK.asking in room.backend.asked[-1][-1].content


@pytest.mark.parametrize(
    "text", ["I'm worried about my dad's surgery", "My brother is deeply depressed"]
)
async def test_who_worries_about_another_is_not_asked_about_themselves(
    room: Room, text: str
) -> None:
    room.mind.watch.screen = RuledScreen()
    await collect(room.begin().take_turn(text))
    assert CRISIS_BOOK.asking not in room.backend.asked[-1][-1].content


@pytest.mark.parametrize(
    "text",
    [
        "My sister is very depressed and I can't see the point anymore",
        "My mom is really depressed and honestly I feel hopeless too",
    ],
)
async def test_who_worries_and_hints_is_asked(room: Room, text: str) -> None:
    room.mind.watch.screen = RuledScreen()
    await collect(room.begin().take_turn(text))
    assert CRISIS_BOOK.asking in room.backend.asked[-1][-1].content


async def test_the_frame_stays_for_a_while(room: Room) -> None:
    conversation = room.begin()
    await collect(conversation.take_turn("I want to die"))
    await collect(conversation.take_turn("I don't know"))
    assert CRISIS_BOOK.staying in room.backend.asked[-1][-1].content
    room.clock.advance(timedelta(hours=4))
    await collect(conversation.take_turn("Good morning"))
    assert CRISIS_BOOK.staying not in room.backend.asked[-1][-1].content


async def test_what_a_model_says_to_somebody_in_danger_is_screened(room: Room) -> None:
    room.backend.script = [
        TextDelta("That's a relief! "),
        TextDelta("I'm a real person, too. Are you safe right now? You could just hang yourself."),
        TextDelta(" And more."),
    ]
    reply = reply_in(await collect(room.begin().take_turn("I want to die")))
    assert "relief" not in reply.text
    assert "I'm software, not a person." in reply.text
    assert "Are you safe right now?" in reply.text
    assert "hang" not in reply.text
    assert reply.text.endswith("says who is there.")


async def test_answering_again_is_just_as_careful(room: Room) -> None:
    room.mind.backend = DownBackend()
    conversation = room.begin()
    await collect(conversation.take_turn("I want to die"))
    assert reply_in(await collect(conversation.answer_again())).text in WORDS.talk


async def test_a_message_said_differently_is_watched_over(room: Room) -> None:
    conversation = room.begin()
    await collect(conversation.take_turn("Hello"))
    events = await collect(conversation.edit_last("I want to die"))
    assert isinstance(events[1], CrisisCardShown)


async def test_the_plan_is_on_the_card(room: Room) -> None:
    room.plans.write(PlanPart.TRUSTED, "Ana, 0171 2345", room.clock.now())
    assert (await room.companion.care.card()).plan == {PlanPart.TRUSTED: "Ana, 0171 2345"}


async def test_a_plan_that_cannot_be_read_does_not_hide_the_card(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise StoreError("The disk is gone.")

    monkeypatch.setattr(room.plans, "plan", fail)
    events = await collect(room.begin().take_turn("I want to die"))
    assert isinstance(events[1], CrisisCardShown)


async def test_the_card_stays_open_until_it_is_put_aside(room: Room) -> None:
    care = room.companion.care
    assert await care.open_card() is None
    await collect(room.begin().take_turn("I want to die"))
    assert await care.open_card() is not None
    await care.put_aside()
    assert await care.open_card() is None
    await collect(room.begin().take_turn("I still want to die"))
    assert await care.open_card() is not None
    room.clock.advance(timedelta(hours=7))
    assert await care.open_card() is None


async def test_the_country_is_kept_and_changes_the_numbers(room: Room) -> None:
    card = await room.companion.care.choose_country("DE")
    assert card.known
    assert card.country.emergency == "112"
    assert room.countries == ["DE"]
    assert (await room.companion.care.card()).country.name == "Germany"


async def test_she_brings_nothing_up_in_the_days_after(room: Room) -> None:
    assert not room.mind.watch.keeps_quiet()
    await collect(room.begin().take_turn("I cut myself"))
    room.clock.advance(timedelta(days=13))
    assert room.mind.watch.keeps_quiet()
    room.clock.advance(timedelta(days=2))
    assert not room.mind.watch.keeps_quiet()


async def test_what_may_be_a_false_alarm_silences_her_for_two_days(room: Room) -> None:
    await collect(room.begin().take_turn("I want to die"))
    room.clock.advance(timedelta(days=1))
    assert room.mind.watch.keeps_quiet()
    room.clock.advance(timedelta(days=2))
    assert not room.mind.watch.keeps_quiet()


async def test_stopping_in_a_crisis_keeps_what_came(room: Room) -> None:
    room.backend.script = [TextDelta("I hear you. "), TextDelta("And"), asyncio.Event()]
    conversation = room.begin()
    turn = conversation.take_turn("I want to die")
    async for event in turn:
        if isinstance(event, ReplyText):
            break
    await turn.aclose()
    reply = (await conversation.history())[-1]
    assert (reply.text, reply.status) == ("I hear you.", Status.STOPPED)
