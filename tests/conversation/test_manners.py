"""What is left out of a reply, and what is not."""

from collections.abc import AsyncGenerator, Callable, Sequence
from functools import partial

import pytest

from companion.conversation.manners import Manners, mind_manners
from companion.domain.model import ReplyPart, Restarted, TextDelta, Usage


async def said(*texts: str | ReplyPart) -> AsyncGenerator[ReplyPart, None]:
    for text in texts:
        yield TextDelta(text) if isinstance(text, str) else text


def manners(
    *, advises: bool = False, rejoices: bool = False, borrowed: frozenset[str] = frozenset()
) -> Callable[[], Manners]:
    return partial(Manners, advises=advises, rejoices=rejoices, borrowed=borrowed)


async def heard(
    *texts: str | ReplyPart, advises: bool = False, rejoices: bool = False
) -> Sequence[ReplyPart]:
    minded = mind_manners(said(*texts), manners(advises=advises, rejoices=rejoices))
    return [part async for part in minded]


async def words(text: str, *, advises: bool = False, rejoices: bool = False) -> str:
    pieces = [text[i : i + 3] for i in range(0, len(text), 3)]
    parts = await heard(*pieces, advises=advises, rejoices=rejoices)
    return "".join(part.text for part in parts if isinstance(part, TextDelta))


@pytest.mark.parametrize(
    "text",
    [
        "Oh no. That must have been a long night. What happened then?",
        "You did it! I love that.",
        "So she left, and you stayed. Mr. Fox and you... What now?",
        "One only",
        "",
        "That hurts. \u201cFine,\u201d she said. You're allowed to be cross.",
    ],
)
async def test_a_good_reply_is_left_as_it_is(text: str) -> None:
    assert await words(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Oh no. How are you? What happened?", "Oh no. How are you?"),
        ("Oh no. It's important to rest. What happened?", "Oh no. What happened?"),
        ("Oh no. You should call her. What happened?", "Oh no. What happened?"),
        ("Oh no. Have you tried talking to him?", "Oh no."),
        ("How nice. My dog does that, too. What is his name?", "How nice. What is his name?"),
        ("Here:\n1. Sleep.\n2. Eat.", "Here:\n"),
        ("That hurts. I'm here to help.", "That hurts."),
        ("That hurts. Let me know if you", "That hurts."),
        ("That hurts. " + "So much of it. " * 30, "That hurts. " + "So much of it. " * 11),
    ],
)
async def test_what_is_out_of_place_is_left_out(text: str, left: str) -> None:
    assert (await words(text)).strip() == left.strip()


async def test_somebody_out_of_the_examples_is_left_out() -> None:
    said_in_pieces = said("That hurts. ", "Is your uncle there? ", "What now?")
    kept = mind_manners(said_in_pieces, manners(borrowed=frozenset({"uncle"})))
    texts = [part.text async for part in kept if isinstance(part, TextDelta)]
    assert "".join(texts) == "That hurts. What now?"


async def test_advice_that_was_asked_for_stays() -> None:
    text = "Maybe in the morning. You could write it down tonight."
    assert await words(text, advises=True) == text
    assert await words(text) == "Maybe in the morning."


async def test_she_rejoices_only_with_the_glad() -> None:
    text = "So now you watch TV. That's great. What do you watch?"
    assert await words(text) == "So now you watch TV. What do you watch?"
    assert await words(text, rejoices=True) == text


async def test_the_first_sentence_is_shown_as_it_comes() -> None:
    parts = await heard("Oh", " no", ". That", " hurts.", Usage(1, 2))
    assert parts[:2] == [TextDelta("Oh"), TextDelta(" no")]
    assert parts[-1] == TextDelta(" That hurts.")
    assert Usage(1, 2) in parts


async def test_after_a_restart_everything_begins_anew() -> None:
    parts = await heard("Who? Why? ", Restarted("again"), "Where? ", "No. ", "Now")
    texts = [part.text if isinstance(part, TextDelta) else "-" for part in parts]
    assert "".join(texts) == "Who?-Where? No."


@pytest.mark.parametrize(
    "text",
    [
        "That sounds frightening. You should call 911 right now. Are you alone?",
        "I hear you. You need to call an ambulance.",
        "I hear you. How bad is it? If you need someone right now, can you call 988?",
        "*nods slowly* That sounds hard. What happened then?",
        "5.30 in the morning is early! What got you up?",
    ],
)
async def test_what_may_save_somebody_is_never_left_out(text: str) -> None:
    assert await words(text) == text
