"""What a small model takes out of the examples into a reply."""

import pytest

from companion.conversation.borrowing import borrows, find_borrowed
from companion.domain.message import PromptMessage, Role

EXAMPLES = [
    PromptMessage(Role.USER, "my uncle and I fought, mum cried"),
    PromptMessage(Role.ASSISTANT, "That must sting. Did you call Priya, or was it her dog?"),
]


def borrowed(*said: str) -> frozenset[str]:
    messages = [PromptMessage(Role.USER, text) for text in said]
    return find_borrowed([*EXAMPLES, *messages], EXAMPLES)


def test_names_and_kin_of_the_examples_alone_are_borrowed() -> None:
    assert borrowed("I am so tired") == {"uncle", "mum", "Priya", "dog"}
    assert borrowed("my puppy bit priya's aunt") == {"mum"}
    assert borrowed("Mother is ill") == {"uncle", "Priya", "dog"}


@pytest.mark.parametrize(
    ("sentence", "taken"),
    [
        ("Is your uncle well?", True),
        ("Uncle or not, that hurts.", True),
        ("And Priya's part in it?", True),
        ("A carbuncle is no fun.", False),
        ("You did what you could.", False),
    ],
)
def test_a_sentence_that_has_one_of_them_is_found(sentence: str, taken: bool) -> None:
    assert borrows(sentence, borrowed("I am so tired")) is taken
