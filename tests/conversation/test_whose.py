"""The user's people stay the user's."""

from collections.abc import AsyncIterator

import pytest

from companion.conversation.whose import give_back_people
from companion.domain.model import ReplyPart, TextDelta

NORA = "My sister Nora has surgery on her knee tomorrow, and my old dog limps"


async def stream(*pieces: str) -> AsyncIterator[ReplyPart]:
    for piece in pieces:
        yield TextDelta(piece)


async def hear(message: str, *pieces: str) -> str:
    parts = give_back_people(stream(*pieces), message)
    return "".join([each.text async for each in parts if isinstance(each, TextDelta)])


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("My sister is a strong person.", "Your sister is a strong person."),
        ("I hope my little sister sleeps.", "I hope your little sister sleeps."),
        ("Is my dog well? My DOG!", "Is your dog well? Your DOG!"),
        ("Give my", "Give my"),
        ("My brother is a strong person.", "My brother is a strong person."),
        ("You said \u201cmy sister\u201d?", "You said \u201cmy sister\u201d?"),
        ("In my mind, a sister is a gift.", "In my mind, a sister is a gift."),
        ("The academy sister said so.", "The academy sister said so."),
        ("Tell me of my sisterhood", "Tell me of my sisterhood"),
    ],
)
async def test_my_becomes_your_where_the_user_said_it(said: str, heard: str, size: int) -> None:
    assert await hear(NORA, *(said[at : at + size] for at in range(0, len(said), size))) == heard


async def test_nothing_changes_where_the_user_speaks_of_nobody() -> None:
    assert await hear("What is a sister?", "My sister ", "is a dream.") == "My sister is a dream."
