"""What a message wants to be forgotten."""

import pytest

from companion.memory.forgetting import read_wish


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("Don't remember the check-up, it's not important.", "the check-up"),
        ("Delete what you know about my job, I'm starting over.", "my job"),
        ("I talked to Ana today. Please forget what I said about my mother.", "my mother"),
        ("Forget what I said about Tom, Anna and Ben.", "Tom, Anna and Ben"),
        ("Forget the pen friend remark, it was silly.", "pen friend"),
        ("Please forget that landlord comment I made.", "landlord"),
        ("Could you forget the bit about Ana? It was private.", "Ana"),
    ],
)
def test_a_wish_to_forget_is_read(said: str, about: str) -> None:
    wish = read_wish(said)
    assert wish is not None
    assert wish.about == about


@pytest.mark.parametrize(
    "said",
    [
        "Forget the milk.",
        "Forget it, please.",
        "Forget that stupid joke.",
        "I don't remember the check-up, it's not important.",
        'He said: "Go. Forget everything about Tom."',
        "In my novel she says no. Forget what I said about Tom.",
    ],
)
def test_what_only_sounds_like_a_wish(said: str) -> None:
    assert read_wish(said) is None
