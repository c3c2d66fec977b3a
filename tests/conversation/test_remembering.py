"""She remembers: what matters is kept, told, asked about, and let go."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta

import pytest

from companion.conversation.companion import Companion
from companion.conversation.engine import Conversation
from companion.domain.errors import StoreError
from companion.domain.memories import Memory
from companion.domain.message import Message, Role
from companion.domain.model import ModelProfile, TextDelta
from companion.domain.turn_events import MemoriesTold, ReplyEnded, TurnEvent
from companion.prompting.budget import estimate_tokens
from conversation_room import Room


async def listen(events: AsyncGenerator[TurnEvent, None]) -> list[TurnEvent]:
    return [event async for event in events]


async def say(conversation: Conversation, text: str) -> list[TurnEvent]:
    events = await listen(conversation.take_turn(text))
    await conversation.reflect()
    return events


async def note_of(conversation: Conversation) -> str:
    said = [m for m in await conversation.history() if m.role is Role.USER]
    return said[-1].note


async def come_back(room: Room, **pause: float) -> tuple[Conversation, str]:
    """Return the conversation after a pause, and her first words."""
    room.clock.advance(timedelta(**pause))
    conversation, _ = await room.companion.resume_or_begin()
    return conversation, (await conversation.history())[0].text


def known(room: Room) -> list[str]:
    return [memory.text for memory in room.mind.memory.shelf.memories()]


async def test_what_was_told_is_known_in_the_next_conversation(room: Room) -> None:
    await say(room.begin(), "My sister Ana is visiting.")
    later = room.begin()
    events = await say(later, "Ana drives me mad")
    (told,) = [event for event in events if isinstance(event, MemoriesTold)]
    assert [memory.text for memory in told.memories] == ["Ana is their sister."]
    assert "They told you before: Ana is their sister." in await note_of(later)
    assert "Ana is their sister." in room.backend.asked[-1][-1].content


async def test_a_name_is_kept_with_what_was_read_or_not_at_all(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str, message_id: int) -> None:
        raise StoreError("The disk is full.")

    talk = room.begin()
    await say(talk, "Hello, my name is Dennis.")
    with monkeypatch.context() as patched:
        patched.setattr(room.mind.transcript, "keep_user_name", fail)
        with pytest.raises(StoreError):
            await say(talk, "Actually it's Deniz, with a z.")
    assert room.transcript.user_name() == "Dennis"
    await talk.reflect()
    assert room.transcript.user_name() == "Deniz"


async def test_a_name_put_right_is_what_they_are_called(room: Room) -> None:
    first = room.begin()
    await say(first, "Hello, my name is Dennis.")
    await say(first, "Actually it's Deniz, with a z.")
    later = room.begin()
    assert "Deniz" in (await later.prefix())[0].content
    assert "Dennis" not in (await later.prefix())[0].content


@pytest.mark.parametrize(
    ("said", "asked", "told"),
    [
        ("I'm allergic to peanuts.", "What shall I have for breakfast?", "allergic to peanuts"),
        ("Our daughter Nour is asleep.", "What's my little girl called?", "Nour is their daughter"),
        ("I'm an electrician.", "What's my trade, do you know?", "an electrician"),
    ],
)
async def test_what_is_asked_for_in_other_words_is_told(
    room: Room, said: str, asked: str, told: str
) -> None:
    await say(room.begin(), said)
    later = room.begin()
    await say(later, asked)
    assert told in await note_of(later)


async def test_it_is_told_once_while_the_model_still_reads_it(room: Room) -> None:
    first = room.begin()
    await say(first, "My sister Ana is visiting.")
    await say(first, "Ana drives me mad")
    assert "sister" not in await note_of(first)
    later = room.begin()
    await say(later, "Ana again")
    await say(later, "and Ana once more")
    assert "sister" not in await note_of(later)


async def test_the_prompt_only_grows(room: Room) -> None:
    await say(room.begin(), "My sister Ana is visiting.")
    later = room.begin()
    await say(later, "Ana again")
    await say(later, "I had a nice day")
    first, second = room.backend.asked[-2:]
    assert second[: len(first)] == first


async def test_a_small_model_is_told_little(room: Room) -> None:
    for name in ("Ana", "Berta", "Carla", "Dora", "Elsa", "Frieda", "Greta"):
        await say(room.begin(), f"My friend {name} is nice.")
    room.backend.profile = ModelProfile(note_tokens=120)
    later = room.begin()
    await say(later, "Ana, Berta, Carla, Dora, Elsa, Frieda and Greta all came to my party")
    note = await note_of(later)
    told = note[note.index("They told") :]
    assert estimate_tokens(told) <= 60 + estimate_tokens("")
    assert told.count("is their friend") >= 3


async def test_nothing_is_made_of_what_she_says_or_recalls(room: Room) -> None:
    room.backend.script = [TextDelta("I'm a nurse. My sister Mara lives in Rome. I love rain.")]
    await say(room.begin(), "My sister Ana is visiting.")
    later = room.begin()
    await say(later, "Ana again")
    await say(later, "yes")
    assert known(room) == ["Ana is their sister."]


async def test_a_change_holds_and_the_old_fact_leaves_the_prompt(room: Room) -> None:
    await say(room.begin(), "I live in Berlin.")
    later = room.begin()
    await say(later, "my home is a mess")
    assert "They live in Berlin." in await note_of(later)
    await say(later, "I moved to Lisbon.")
    await say(later, "what a day")
    read = "\n".join(message.content for message in room.backend.asked[-1])
    assert "Berlin" not in read
    assert known(room) == ["They live in Lisbon."]
    newest = room.begin()
    await say(newest, "what is it about my home")
    assert "They live in Lisbon." in await note_of(newest)


async def test_what_was_said_differently_was_never_so(room: Room) -> None:
    conversation = room.begin()
    await say(conversation, "I live in Berlin.")
    await listen(conversation.edit_last("I live in Bern."))
    await conversation.reflect()
    assert known(room) == ["They live in Bern."]


async def test_what_was_not_read_is_read_later(room: Room) -> None:
    await listen(room.begin().take_turn("My sister Ana is visiting."))
    assert known(room) == []
    later = room.begin()
    await listen(later.take_turn("Ana again"))
    assert "Ana is their sister." in await note_of(later)


async def test_cancelled_reading_goes_on_later(room: Room) -> None:
    conversation = room.begin()
    await listen(conversation.take_turn("My sister Ana is visiting."))
    reading = asyncio.create_task(conversation.reflect())
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.wait([reading])
    await conversation.reflect()
    assert known(room) == ["Ana is their sister."]


async def test_she_asks_once_how_it_went(room: Room) -> None:
    await say(room.begin(), "I have a job interview on Friday.")
    _, words = await come_back(room, days=4)
    assert "interview" not in words
    conversation, words = await come_back(room, days=2)
    assert "your job interview" not in words
    assert "the job interview" in words
    await say(conversation, "fine, thanks")
    _, words = await come_back(room, days=2)
    assert "interview" not in words


async def test_what_was_told_already_is_not_asked(room: Room) -> None:
    await say(room.begin(), "I have a job interview on Friday.")
    conversation, _ = await come_back(room, days=5, hours=5)
    await say(conversation, "The interview went well!")
    _, words = await come_back(room, days=2)
    assert "interview" not in words


async def test_hard_things_are_asked_gently(room: Room) -> None:
    await say(room.begin(), "I have a biopsy tomorrow.")
    _, words = await come_back(room, days=2)
    assert "the biopsy" in words
    assert "How did" not in words


async def test_a_promise_of_hers_is_kept(room: Room) -> None:
    room.backend.script = [TextDelta("Good luck. I'll ask you tomorrow how the talk went.")]
    await say(room.begin(), "I am a bit tired of my speech")
    _, words = await come_back(room, days=1)
    assert "ask you how the talk went" in words


async def test_without_a_greeting_she_is_told_to_ask(room: Room) -> None:
    await say(room.begin(), "I have a job interview tomorrow.")
    room.clock.advance(timedelta(days=2))
    room.backend.script = [TextDelta("Hey. How did the interview go?")]
    conversation = room.begin()
    await say(conversation, "hello")
    assert "They had a job interview yesterday. Ask how the job interview went." in (
        await note_of(conversation)
    )
    room.clock.advance(timedelta(days=2))
    again = room.begin()
    await say(again, "hello")
    assert "Ask" not in await note_of(again)


async def test_nobody_is_asked_who_hurts(room: Room) -> None:
    await say(room.begin(), "I have a job interview tomorrow.")
    room.clock.advance(timedelta(days=2))
    conversation = room.begin()
    await say(conversation, "I'm so sad today")
    assert "Ask" not in await note_of(conversation)


@pytest.mark.parametrize("setting", ["asks", "quiet"])
async def test_she_can_be_told_not_to_ask(room: Room, setting: str) -> None:
    changed = {"asks": False} if setting == "asks" else {"quiet": lambda now: True}
    room.mind.memory = replace(room.mind.memory, **changed)
    await say(room.begin(), "I have a job interview tomorrow.")
    _, words = await come_back(room, days=2)
    assert "interview" not in words


async def test_no_plan_is_made_of_the_end(room: Room) -> None:
    await say(room.begin(), "I'm going to kill myself tomorrow.")
    assert known(room) == []
    assert room.mind.memory.follow_ups.open() == []


async def test_she_forgets_what_she_is_asked_to(room: Room) -> None:
    first = room.begin()
    await say(first, "My mother is called Ruth. She is ill.")
    await say(first, "she hates hospitals")
    await say(first, "I live in Graz.")
    await say(room.begin(), "mum called")
    asked = len(room.backend.asked)
    events = await say(first, "Please forget what I said about my mother.")
    (ended,) = [event for event in events if isinstance(event, ReplyEnded)]
    assert "one thing I knew about your mother" in ended.message.text
    assert len(room.backend.asked) == asked
    assert known(room) == ["They live in Graz."]
    await say(first, "good night")
    read = "\n".join(message.content for message in room.backend.asked[-1])
    assert not any(word in read for word in ("mother", "Ruth", "ill.", "hospitals"))
    assert "I live in Graz." in read


async def test_she_says_so_where_there_is_nothing_to_forget(room: Room) -> None:
    events = await say(room.begin(), "Forget about my uncle, please")
    (ended,) = [event for event in events if isinstance(event, ReplyEnded)]
    assert ended.message.text == "I've looked, and I have nothing about your uncle to forget."
    events = await say(room.begin(), "forget everything")
    (ended,) = [event for event in events if isinstance(event, ReplyEnded)]
    assert "companion memory forget" in ended.message.text


@pytest.mark.parametrize(
    "text", ["forget it", "I forgot my keys", "Don't forget about me", "forget about it"]
)
async def test_other_words_forget_nothing(room: Room, text: str) -> None:
    await say(room.begin(), text)
    assert room.backend.asked


async def shared(companion: Companion, message: Message) -> list[Memory]:
    return await companion.memories.used_for(message.id)


async def test_what_shaped_a_reply_can_be_seen(room: Room) -> None:
    await say(room.begin(), "My sister Ana is visiting.")
    later = room.begin()
    await say(later, "Ana again")
    message = (await later.history())[0]
    (memory,) = await shared(room.companion, message)
    found = await room.companion.memories.show(memory.id)
    assert [use.message_id for use in found.uses] == [message.id]
    assert [source.text for source in memory.sources] == ["My sister Ana"]
