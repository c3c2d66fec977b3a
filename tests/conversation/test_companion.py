from datetime import timedelta

from companion.domain.message import Status
from companion.domain.model import TextDelta
from conversation_room import Room


async def talk(room: Room, text: str) -> None:
    conversation, _ = await room.companion.resume_or_begin()
    async for _ in conversation.take_turn(text):
        pass


async def test_the_first_meeting_begins_with_a_greeting(room: Room) -> None:
    conversation, back = await room.companion.resume_or_begin()
    (greeting,) = await conversation.history()
    assert (greeting.text, greeting.status, back) == ("Hi. Who are you?", Status.COMPLETE, None)
    assert "Sunday evening" in greeting.note


async def test_the_greeting_is_part_of_what_the_model_reads(room: Room) -> None:
    await talk(room, "I'm new here.")
    contents = [message.content for message in room.backend.asked[0]]
    assert contents[-2:] == ["Hi. Who are you?", "I'm new here."]
    assert contents[-3].startswith("[It is Sunday evening")


async def test_soon_after_the_same_conversation_goes_on(room: Room) -> None:
    await talk(room, "My name is Ada.")
    first = await room.companion.open_latest()
    room.clock.advance(timedelta(minutes=20))
    conversation, back = await room.companion.resume_or_begin()
    assert first is not None
    assert (conversation.id, back) == (first.id, "Back, Ada.")


async def test_a_day_later_a_new_one_begins_by_name(room: Room) -> None:
    await talk(room, "My name is Ada.")
    room.clock.advance(timedelta(days=1))
    conversation, back = await room.companion.resume_or_begin()
    assert back is None
    assert [message.text for message in await conversation.history()] == ["Again, Ada!"]


async def test_conversations_in_which_nothing_was_said_do_not_pile_up(room: Room) -> None:
    for _ in range(3):
        await room.companion.resume_or_begin()
        room.clock.advance(timedelta(days=1))
    for _ in range(3):
        conversation = await room.companion.begin()
    assert len(await room.companion.conversations()) == 1
    (greeting,) = await conversation.history()
    assert "Wednesday" in greeting.note


async def test_a_lone_message_without_an_answer_is_never_thrown_away(room: Room) -> None:
    conversation = await room.companion.begin(greet=False)
    turn = conversation.take_turn("Only this.")
    await anext(turn)
    await turn.aclose()
    room.clock.advance(timedelta(days=1))
    await room.companion.resume_or_begin()
    assert (await conversation.history())[0].text == "Only this."


async def test_an_edit_of_the_first_message_keeps_the_other_branch(room: Room) -> None:
    conversation = await room.companion.begin(greet=False)
    async for _ in conversation.take_turn("First."):
        pass
    turn = conversation.edit_last("Second.")
    await anext(turn)
    await turn.aclose()
    await room.companion.resume_or_begin()
    await room.companion.begin()
    texts = {room.transcript.message(number).text for number in (1, 2, 3)}
    assert texts == {"First.", "Hello there.", "Second."}


async def test_a_draft_is_not_lost_with_an_empty_conversation(room: Room) -> None:
    conversation, _ = await room.companion.resume_or_begin()
    await conversation.save_draft("I wanted to say")
    again, _ = await room.companion.resume_or_begin()
    assert (again.id, await again.draft()) == (conversation.id, "I wanted to say")


async def test_rename_and_delete(room: Room) -> None:
    await talk(room, "About the garden.")
    (item,) = await room.companion.conversations()
    assert item.title == "About the garden."
    await room.companion.rename(item.id, " The garden ")
    assert (await room.companion.conversations())[0].title == "The garden"
    await room.companion.delete(item.id)
    assert await room.companion.conversations() == []


async def test_without_greeting_the_time_comes_with_the_first_message(room: Room) -> None:
    room.backend.script = [TextDelta("Hi.")]
    conversation = await room.companion.begin(greet=False)
    async for _ in conversation.take_turn("Hello."):
        pass
    assert room.backend.asked[0][-1].content.startswith("[It is Sunday evening")
