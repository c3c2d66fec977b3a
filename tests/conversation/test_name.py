import pytest

from companion.conversation.name import notice_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My name is Ada.", "Ada"),
        ("hi, my name's jean-luc", "Jean-luc"),
        ("Call me Ishmael, please", "Ishmael"),
        ("I'm called Zoë", "Zoë"),
        ("my name is O'Brien!", "O'Brien"),
        ("call me later", None),
        ("My name is not important", None),
        ("She asked for my name", None),
        ("I'm tired", None),
        ("I don't know what to say. My name is Anna.", "Anna"),
        ("Someone told me about you. My name is Max.", "Max"),
        ("Hi, my name's Tom. I need help to write a letter to my sister.", "Tom"),
        ("You can call me Max if you want", "Max"),
        ("My name is Anna. I had a nightmare last night.", "Anna"),
        ("My name is Ada, what's yours?", "Ada"),
        ("In the novel I read, my name is Max.", None),
        ("If my name was Max, I'd be rich", None),
        ('The man said: "My name is Max."', None),
        ("Let's play: my name is Max and you are a pirate", None),
        ("", None),
    ],
)
def test_only_plain_tellings_count(text: str, name: str | None) -> None:
    assert notice_name(text) == name
