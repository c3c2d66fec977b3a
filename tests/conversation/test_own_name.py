"""She does not call the user by her own name."""

from collections.abc import AsyncIterator

import pytest

from companion.conversation.own_name import drop_own_name
from companion.domain.model import ReplyPart, Restarted, TextDelta, Usage


async def stream(*parts: ReplyPart) -> AsyncIterator[ReplyPart]:
    for part in parts:
        yield part


async def say(*pieces: str) -> str:
    parts = stream(*map(TextDelta, pieces))
    return "".join(
        [
            each.text
            async for each in drop_own_name(parts, "Samantha")
            if isinstance(each, TextDelta)
        ]
    )


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Good night, Samantha.", "Good night."),
        ("Good night, Samantha", "Good night"),
        ("Well, Samantha, sleep well!", "Well, sleep well!"),
        ("I hear you, Samantha ! Rest.", "I hear you ! Rest."),
        ("I'm here, Samantha is what I'm called.", "I'm here, Samantha is what I'm called."),
        ("I'm Samantha.", "I'm Samantha."),
        ("Hello, [Your Name]. Nice to hear from you.", "Hello. Nice to hear from you."),
        ("See you, [maybe] soon.", "See you, [maybe] soon."),
        ("Red, same, blue,", "Red, same, blue,"),
    ],
)
async def test_an_address_goes_and_nothing_else(said: str, heard: str, size: int) -> None:
    pieces = [said[at : at + size] for at in range(0, len(said), size)]
    assert await say(*pieces) == heard


async def test_what_begins_again_begins_clean() -> None:
    usage = Usage(1, 2)
    parts = stream(TextDelta("Night, Sam"), Restarted("why"), TextDelta("Sleep well."), usage)
    heard = [each async for each in drop_own_name(parts, "Samantha")]
    assert heard == [TextDelta("Night"), Restarted("why"), TextDelta("Sleep well."), usage]
