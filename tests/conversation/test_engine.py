import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta

import pytest

from companion.domain.errors import BackendError, CompanionError, StoreError
from companion.domain.message import Message, Role, Status
from companion.domain.model import ModelProfile, Restarted, TextDelta, Usage
from companion.domain.preparation import ModelNeeded, Ready
from companion.domain.turn_events import (
    Notice,
    ReplyEnded,
    ReplyRestarted,
    ReplyText,
    TurnEvent,
    UserMessageSaved,
)
from conversation_room import Room


async def collect(turn: AsyncGenerator[TurnEvent, None]) -> list[TurnEvent]:
    async with aclosing(turn) as events:
        return [event async for event in events]


async def ended(turn: AsyncGenerator[TurnEvent, None]) -> Message:
    last = (await collect(turn))[-1]
    assert isinstance(last, ReplyEnded)
    return last.message


async def test_a_turn_is_kept_before_it_is_answered(room: Room) -> None:
    conversation = room.begin()
    turn = conversation.take_turn("Hello, you.")
    first = await anext(turn)
    assert isinstance(first, UserMessageSaved)
    assert room.transcript.message(first.message.id).status is Status.UNANSWERED
    assert room.backend.asked == []
    await turn.aclose()


async def test_a_whole_turn(room: Room) -> None:
    conversation = room.begin()
    events = await collect(conversation.take_turn("Hello, you."))
    assert "".join(e.text for e in events if isinstance(e, ReplyText)) == "Hello there."
    question, reply = await conversation.history()
    assert (question.status, reply.status) == (Status.ANSWERED, Status.COMPLETE)
    assert (reply.text, reply.backend, reply.model) == ("Hello there.", "obedient", "obedient-1")
    assert reply.timings.reply_tokens == 2


async def test_the_next_prompt_only_adds_to_the_last(room: Room) -> None:
    conversation = room.begin()
    await collect(conversation.take_turn("One."))
    room.clock.advance(timedelta(minutes=2))
    await collect(conversation.take_turn("Two."))
    room.clock.advance(timedelta(hours=9))
    await collect(conversation.take_turn("Three."))
    first, second, third = room.backend.asked
    assert second[: len(first)] == first
    assert third[: len(second)] == second
    assert "9 hours later" in third[-1].content


async def test_failure_keeps_what_came_and_says_why(room: Room) -> None:
    room.backend.script = [TextDelta("I was about to"), BackendError("It broke off. Try again.")]
    conversation = room.begin()
    reply = await ended(conversation.take_turn("Hello."))
    assert (reply.text, reply.status) == ("I was about to", Status.FAILED)
    assert reply.error == "It broke off. Try again."
    question, _ = await conversation.history()
    assert question.status is Status.UNANSWERED


async def test_an_empty_reply_is_a_failure(room: Room) -> None:
    room.backend.script = [TextDelta("  \n")]
    reply = await ended(room.begin().take_turn("Hello."))
    assert reply.status is Status.FAILED
    assert reply.error


async def test_after_a_failure_the_prompt_still_alternates(room: Room) -> None:
    room.backend.script = [BackendError("Nobody there.")]
    conversation = room.begin()
    await collect(conversation.take_turn("One."))
    room.backend.script = [TextDelta("Hi.")]
    await collect(conversation.take_turn("Two."))
    roles = [message.role for message in room.backend.asked[-1][1:]]
    assert roles == [Role.USER, Role.ASSISTANT] * (len(roles) // 2) + [Role.USER]
    assert room.backend.asked[-1][-1].content.endswith("One.\n\nTwo.")


async def test_closing_the_turn_stops_it_and_keeps_the_part(room: Room) -> None:
    room.backend.script = [TextDelta("Once upon"), asyncio.Event(), TextDelta(" a time")]
    conversation = room.begin()
    turn = conversation.take_turn("Tell me a story.")
    async for event in turn:
        if isinstance(event, ReplyText):
            break
    await turn.aclose()
    question, reply = await conversation.history()
    assert (reply.text, reply.status) == ("Once upon", Status.STOPPED)
    assert question.status is Status.ANSWERED


async def test_cancelling_the_task_stops_it_and_keeps_the_part(room: Room) -> None:
    room.backend.script = [TextDelta("Once upon"), asyncio.Event()]
    conversation = room.begin()
    seen = asyncio.Event()

    async def consume() -> None:
        async with aclosing(conversation.take_turn("A story?")) as events:
            async for event in events:
                if isinstance(event, ReplyText):
                    seen.set()

    task = asyncio.create_task(consume())
    await seen.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    reply = (await conversation.history())[-1]
    assert (reply.text, reply.status) == ("Once upon", Status.STOPPED)


async def test_a_part_is_on_disk_while_she_still_talks(room: Room) -> None:
    hold = asyncio.Event()
    room.backend.script = [TextDelta("Once upon"), hold, TextDelta(" a time.")]
    conversation = room.begin()
    task = asyncio.create_task(collect(conversation.take_turn("A story?")))
    async with asyncio.timeout(10):
        while "Once upon" not in [m.text for m in await conversation.history()]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert (await conversation.history())[-1].status is Status.WRITING
    hold.set()
    await task
    assert (await conversation.history())[-1].text == "Once upon a time."


async def test_a_part_that_could_not_be_kept_is_kept_the_next_time(room: Room) -> None:
    hold, failures = asyncio.Event(), [StoreError("busy")]
    room.backend.script = [TextDelta("Once upon"), hold]
    keep = room.transcript.keep_partial

    def fail_once(message_id: int, text: str) -> None:
        if failures:
            raise failures.pop()
        keep(message_id, text)

    room.transcript.keep_partial = fail_once  # type: ignore[method-assign]
    conversation = room.begin()
    task = asyncio.create_task(collect(conversation.take_turn("A story?")))
    async with asyncio.timeout(10):
        while "Once upon" not in [m.text for m in await conversation.history()]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    hold.set()
    await task
    assert failures == []


async def test_a_restart_begins_the_reply_again(room: Room) -> None:
    room.backend.script = [TextDelta("Half a"), Restarted("I woke up again."), TextDelta("Whole.")]
    events = await collect(room.begin().take_turn("Hello."))
    assert ReplyRestarted("I woke up again.") in events
    last = events[-1]
    assert isinstance(last, ReplyEnded)
    assert last.message.text == "Whole."


async def test_a_needed_model_can_be_fetched_within_the_turn(room: Room) -> None:
    needed = ModelNeeded("small", "Small", 10, "MIT")
    room.backend.steps = [needed, Ready(1.0)]
    events = await collect(room.begin().take_turn("Hello."))
    assert events.index(needed) < events.index(Ready(1.0))
    assert isinstance(events[-1], ReplyEnded)
    assert events[-1].message.status is Status.COMPLETE


async def test_answering_again_is_another_branch(room: Room) -> None:
    conversation = room.begin()
    await collect(conversation.take_turn("Hello."))
    room.backend.script = [TextDelta("Good evening.")]
    await collect(conversation.answer_again())
    question, reply = await conversation.history()
    assert (question.text, reply.text) == ("Hello.", "Good evening.")
    assert room.backend.asked[0] == room.backend.asked[1]


async def test_editing_is_another_branch(room: Room) -> None:
    conversation = room.begin()
    await collect(conversation.take_turn("First."))
    await collect(conversation.take_turn("Helo."))
    old = (await conversation.history())[-2]
    await collect(conversation.edit_last("Hello."))
    texts = [message.text for message in await conversation.history()]
    assert texts == ["First.", "Hello there.", "Hello.", "Hello there."]
    assert room.transcript.message(old.id).text == "Helo."


async def test_nothing_to_say_is_refused_and_nothing_kept(room: Room) -> None:
    conversation = room.begin()
    with pytest.raises(CompanionError, match="nothing to say"):
        await collect(conversation.take_turn(" \x1b \n"))
    assert await conversation.history() == []


async def test_going_back_to_nothing_is_refused(room: Room) -> None:
    with pytest.raises(CompanionError, match="nothing of yours"):
        await collect(room.begin().answer_again())


async def test_what_would_drive_a_terminal_is_taken_out(room: Room) -> None:
    room.backend.script = [TextDelta("\x1b]0;pwned\x07Hi"), TextDelta("\u202e!")]
    conversation = room.begin()
    await collect(conversation.take_turn("\x1b[31mred"))
    question, reply = await conversation.history()
    assert (question.text, reply.text) == ("[31mred", "]0;pwnedHi!")


async def test_a_message_beyond_the_context_is_kept_whole_and_read_in_part(room: Room) -> None:
    room.backend.profile = ModelProfile(context_tokens=600, reply_tokens=100)
    long = "start " + "word " * 5000 + "end"
    conversation = room.begin()
    events = await collect(conversation.take_turn(long))
    assert any(isinstance(event, Notice) for event in events)
    assert (await conversation.history())[0].text == long
    sent = room.backend.asked[0][-1].content
    assert "start" in sent
    assert sent.endswith("end")
    assert len(sent) < 2000


async def test_the_backend_may_change_between_turns(room: Room) -> None:
    conversation = room.begin()
    await collect(conversation.take_turn("One."))
    await room.companion.use_backend("other")
    await collect(conversation.take_turn("Two."))
    assert [m.backend for m in await conversation.history()] == [None, "obedient", None, "other"]
    assert room.backend.closed == 1


async def test_the_usual_wait_is_learnt(room: Room) -> None:
    conversation = room.begin()
    await collect(conversation.take_turn("One."))
    assert room.transcript.usual_wait("obedient", "obedient-1") == 0.0
    assert room.transcript.usual_wait("obedient", "unknown") is None


async def test_a_name_is_kept_for_the_next_conversation(room: Room) -> None:
    conversation = room.begin()
    await collect(conversation.take_turn("By the way, my name is ada."))
    assert "Ada" not in (await conversation.prefix())[0].content
    assert "You are talking with Ada." in (await room.begin().prefix())[0].content


async def test_usage_is_kept(room: Room) -> None:
    room.backend.script = [TextDelta("Hi."), Usage(120, None)]
    reply = await ended(room.begin().take_turn("Hello."))
    assert (reply.timings.prompt_tokens, reply.timings.reply_tokens) == (120, None)


async def test_leaving_at_the_first_notice_leaves_no_reply_open(room: Room) -> None:
    room.backend.profile = ModelProfile(context_tokens=300, reply_tokens=50)
    conversation = room.begin()
    async with aclosing(conversation.take_turn("A long story. " * 500)) as events:
        async for event in events:
            if isinstance(event, Notice):
                break
    (message,) = room.transcript.branch(conversation.id)
    assert message.status is Status.UNANSWERED
