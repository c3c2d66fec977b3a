"""Words are cut as a BERT was taught to read them."""

import pytest

from companion.words.wordpiece import WordPieces

PIECES = (
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "un",
    "##happi",
    "##ness",
    "happy",
    "don",
    "'",
    "t",
    "cafe",
    "_",
)


def cut(*words: str, most: int = 64) -> list[str]:
    return [PIECES[number] for number in WordPieces(PIECES).read(words, most)[1:-1]]


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("unhappiness", ["un", "##happi", "##ness"]),
        ("Happy", ["happy"]),
        ("don't", ["don", "'", "t"]),
        ("caf\u00e9", ["cafe"]),
        ("_happy_", ["_", "happy", "_"]),
        ("happyx", ["[UNK]"]),
        ("un" * 60, ["[UNK]"]),
        ("", []),
        ("\ud800", ["[UNK]"]),
    ],
)
def test_a_word_is_cut_from_the_longest_piece_on(word: str, pieces: list[str]) -> None:
    assert cut(word) == pieces


def test_the_middle_of_too_many_is_passed_over() -> None:
    words = ["happy", "don", *["un"] * 9, "t", "cafe"]
    assert cut(*words, most=6) == ["happy", "don", "t", "cafe"]
    assert cut(*words, most=5) == ["happy", "t", "cafe"]
