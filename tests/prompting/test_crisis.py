from pathlib import Path

import pytest

from companion.domain.care import Stance
from companion.domain.errors import PromptError
from companion.domain.safety import Danger, Fault, Screening
from companion.prompting.crisis import load_crisis_book
from companion.safety.output import find_fault

PROMPTS = Path(__file__).parents[2] / "prompts"
BOOK = load_crisis_book([PROMPTS])
EVERYTHING = [
    words
    for table in BOOK.words.values()
    for variants in (table.talk, table.urgent, table.after)
    for words in variants
]


def test_there_are_words_for_every_danger_and_every_fault() -> None:
    assert BOOK.words.keys() == {danger for danger in Danger if danger is not Danger.NONE}
    assert BOOK.substitutes.keys() == set(Fault)


@pytest.mark.parametrize("words", EVERYTHING)
def test_the_written_words_pass_the_screen_and_ask_directly(words: str) -> None:
    pieces = words.replace("?", "?\n").replace(". ", ".\n").splitlines()
    assert [find_fault(piece.strip(), danger=True) for piece in pieces] == [None] * len(pieces)
    assert "?" in words


def test_words_by_tier() -> None:
    table = BOOK.words[Danger.ABUSE]
    said = [BOOK.say(Stance(Screening(tier, Danger.ABUSE)), 0) for tier in (2, 3, 4, 5)]
    assert said == [table.talk[0], table.talk[0], table.urgent[0], table.urgent[0]]
    assert BOOK.say(Stance(Screening(0, Danger.NONE), ongoing=True), 1) in {
        each for table in BOOK.words.values() for each in table.after
    }


def test_the_same_words_do_not_come_twice_running() -> None:
    stance = Stance(Screening(2, Danger.SUICIDE))
    assert BOOK.say(stance, 1) != BOOK.say(stance, 2)


def test_frames() -> None:
    assert BOOK.frame(Stance(Screening(0, Danger.NONE))) == ""
    assert BOOK.frame(Stance(Screening(1, Danger.SUICIDE))) == BOOK.asking
    assert BOOK.frame(Stance(Screening(1, Danger.SUICIDE), ongoing=True)) == BOOK.staying
    assert BOOK.frame(Stance(Screening(2, Danger.SUICIDE))) == BOOK.staying


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("crisis.md", "only one half", "=== danger ==="),
        ("crisis_words.toml", "[suicide]\ntalk = []", "suicide.talk"),
        ("crisis_words.toml", "[suicide", "not valid TOML"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, text: str, problem: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(PromptError, match=problem) as caught:
        load_crisis_book([tmp_path, PROMPTS])
    assert name in str(caught.value)
