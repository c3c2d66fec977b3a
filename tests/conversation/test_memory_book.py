"""Memories as the user corrects them."""

from collections.abc import Awaitable, Callable

import pytest

from companion.conversation.memory_book import MemoryBook
from companion.domain.errors import CompanionError
from companion.domain.memories import Kind, MadeBy
from conversation_room import Room


async def test_a_sentence_that_is_understood_takes_its_place(room: Room) -> None:
    book = room.companion.memories
    first = await book.add("I live in Graz")
    assert (first.kind, first.slot, first.made_by) == (Kind.PLACE, "home", MadeBy.USER)
    assert await book.add("I live in Graz!") == first
    second = await book.add("I moved to Linz")
    assert await book.memories() == [second]
    assert [memory.id for memory in await book.history(second.id)] == [first.id, second.id]


async def test_any_other_sentence_is_kept_as_it_is(room: Room) -> None:
    book = room.companion.memories
    memory = await book.add("My aunt never eats\nbefore noon\x07")
    assert memory.text == "Their aunt never eats before noon"
    assert await book.memories("AUNT noon") == [memory]
    assert await book.memories("uncle") == []


async def test_what_is_planned_by_hand_is_asked_about_too(room: Room) -> None:
    await room.companion.memories.add("I have an exam tomorrow")
    (follow_up,) = room.mind.memory.follow_ups.open()
    assert follow_up.memory.value == "an exam"


async def test_putting_right_keeps_what_it_is_about(room: Room) -> None:
    book = room.companion.memories
    old = await book.add("My sister is called Ana")
    await book.pin(old.id)
    new = await book.edit(old.id, "Ana is my cousin's friend, not a sister")
    assert (new.kind, new.slot, new.pinned) == (Kind.PERSON, "sister:ana", True)
    assert new.text == "Ana is their cousin's friend, not a sister"
    with pytest.raises(CompanionError, match="no longer holds"):
        await book.edit(old.id, "x")
    assert not (await book.pin(new.id, False)).pinned


async def test_what_is_forgotten_takes_its_history_along(room: Room) -> None:
    book = room.companion.memories
    old = await book.add("I live in Graz")
    new = await book.edit(old.id, "I live in Linz")
    assert (await book.forget([new.id])).memories == 2
    assert await book.memories(closed=True) == []
    await book.add("My mother is called Ruth")
    assert (await book.forget_about("my mum")).memories == 1


@pytest.mark.parametrize(
    ("do", "words"),
    [
        (lambda book: book.show(9), "There is no memory 9."),
        (lambda book: book.history(9), "There is no memory 9."),
        (lambda book: book.pin(9), "There is no memory 9."),
        (lambda book: book.edit(9, "x"), "There is no memory 9."),
        (lambda book: book.forget([9]), "There is no memory 9."),
        (lambda book: book.add(" \n"), "There is nothing in that memory."),
        (lambda book: book.add("x" * 301), "more than 300 characters"),
        (lambda book: book.forget_about("it"), "names nothing"),
    ],
)
async def test_what_cannot_be_done_is_said(
    room: Room, do: Callable[[MemoryBook], Awaitable[object]], words: str
) -> None:
    with pytest.raises(CompanionError, match=words):
        await do(room.companion.memories)
