"""The most telling sentences of a talk, word for word."""

from datetime import UTC, datetime

from companion.domain.message import Message, Role, Status
from companion.memory.extracting import extract

AT = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


def talk(*said: str) -> list[Message]:
    return [
        Message(n, 1, None, n, Role.USER if n % 2 else Role.ASSISTANT, text, Status.COMPLETE, AT)
        for n, text in enumerate(said, 1)
    ]


def test_the_users_own_words_with_their_turns() -> None:
    messages = talk(
        *("hey, couldn\u2019t sleep", "Since when?"),
        *("ok so. My landlord wants to sell the flat that Mara grew up in!", "Your house, the old"),
        *("i was offered the head nurse post in Graz", "The post in Graz sounds wonderful."),
    )
    found = extract(messages)
    assert [(each.text, each.turns) for each in found][:2] == [
        ("My landlord wants to sell the flat that Mara grew up in", (3,)),
        ("i was offered the head nurse post in Graz", (5,)),
    ]
    said = {each.id: each.text for each in messages if each.role is Role.USER}
    assert all(each.text in said[each.turns[0]] for each in found)


def test_jokes_stories_games_questions_and_quotations_tell_nothing() -> None:
    assert not extract(
        talk(
            *("Imagine I lived on the moon with twelve goats and a piano", "Ha."),
            *("In my novel the nurse moves to Graz and leaves her husband", "Go on."),
            *("Do you think my landlord wants to sell the flat that we live in?", "Perhaps."),
            *('He wrote "I will sell the flat in March and move to Graz"', "Hm."),
            *("lol just kidding, I bought a castle in Scotland with my sister", "Oh."),
        )
    )


def test_nothing_twice_and_nothing_endless() -> None:
    assert len(extract(talk(*["My sister Ana moved to Lisbon with two cats", "Oh?"] * 3))) == 1
    assert not extract(talk(f"I walked {'and walked along the harbour ' * 20}home"))
