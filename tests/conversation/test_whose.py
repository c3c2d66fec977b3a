"""The user's people stay the user's."""

from collections.abc import AsyncIterator

import pytest

from companion.conversation.whose import give_back_people
from companion.domain.model import ReplyPart, Restarted, TextDelta, Usage

NORA = "My sister Nora has surgery on her knee tomorrow, and my old dog limps"


async def stream(*parts: ReplyPart) -> AsyncIterator[ReplyPart]:
    for part in parts:
        yield part


async def hear(message: str, *pieces: str) -> str:
    parts = give_back_people(stream(*map(TextDelta, pieces)), message)
    return "".join([each.text async for each in parts if isinstance(each, TextDelta)])


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("My sister is a strong person.", "Your sister is a strong person."),
        ("My little sister's brave. My dog!", "Your little sister's brave. My dog!"),
        ("My old dog sounds tired.", "Your old dog sounds tired."),
        ("My dog", "My dog"),
        ("My dog died last year, too.", "My dog died last year, too."),
        ("My brother is a strong person.", "My brother is a strong person."),
        ("My sister in spirit, rest.", "My sister in spirit, rest."),
        ("Mysterious, my sister is.", "Mysterious, my sister is."),
        ("I think my sister is strong.", "I think my sister is strong."),
        ("M", "M"),
    ],
)
async def test_a_beginning_is_given_back(said: str, heard: str, size: int) -> None:
    assert await hear(NORA, *(said[at : at + size] for at in range(0, len(said), size))) == heard


@pytest.mark.parametrize(
    "asked",
    [
        "What is a sister?",
        "Help me write a letter to my boss about my sister",
        "How do I tell my boss that my sister is ill?",
        "Pretend to be me and call my sister",
    ],
)
async def test_nothing_changes_where_it_may_be_right(asked: str) -> None:
    assert await hear(asked, "My sister is ", "ill, Tom.") == "My sister is ill, Tom."


async def test_what_begins_again_is_read_anew() -> None:
    parts = stream(TextDelta("My si"), Restarted("why"), TextDelta("My dog is old."), Usage(1, 2))
    heard = [each async for each in give_back_people(parts, NORA)]
    assert heard == [Restarted("why"), TextDelta("Your dog is old."), Usage(1, 2)]
