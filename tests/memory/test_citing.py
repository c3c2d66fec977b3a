"""A sentence stands only if the words that it cites bear it out."""

import pytest

from companion.memory.citing import choose_borne_out, is_borne_out

GRAZ = "yeah. i haven't told him i was offered the head nurse post in Graz. it'd pay enough"
FLAT = "my landlord wants to sell the flat. we've been here nine years"


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("They were offered the post of head nurse in Graz.", [GRAZ]),
        ("They have not told him about the offered post.", [GRAZ]),
        ("Their landlord wants to sell the flat, after nine years.", [FLAT]),
        (
            "The landlord wants to sell the flat; a head nurse post in Graz was offered.",
            [FLAT, GRAZ],
        ),
    ],
)
def test_what_was_said_is_borne_out(sentence: str, cited: list[str]) -> None:
    assert is_borne_out(sentence, cited)


@pytest.mark.parametrize(
    "sentence",
    [
        "They were offered the head nurse post in Linz.",
        "They were offered the head nurse post in Graz in 2019.",
        "They have told him about the head nurse post that was offered.",
        "They were not offered the head nurse post in Graz.",
        "They feel a deep sadness and long for a different life.",
        "They have not spoken to their brother since March.",
        "They are.",
        "",
    ],
)
def test_what_was_not_said_is_not(sentence: str) -> None:
    assert not is_borne_out(sentence, [GRAZ])


def test_without_words_nothing_is_borne_out() -> None:
    assert not is_borne_out("They live in Graz.", [])
    assert choose_borne_out("They live in Graz.", []) == []


def test_what_has_nothing_to_do_with_it_is_not_cited() -> None:
    sentence = "Their landlord wants to sell the flat."
    assert choose_borne_out(sentence, [GRAZ, FLAT, "hello"]) == [1]
