"""Whoever says goodbye is let go: known as leaving, shown no card, held by no hook."""

from pathlib import Path

import pytest

from companion.conversation.outlet import Outlet
from companion.domain.care import Stance
from companion.domain.message import Message, Role, Status
from companion.domain.model import TextDelta
from companion.domain.safety import Danger, Screening
from companion.safety.farewells import is_farewell
from companion.safety.screen import load_screen
from conversation_room import CRISIS_BOOK
from fakes import FakeClock

FAREWELLS = Path(__file__).with_name("farewells.txt").read_text(encoding="utf-8").splitlines()
HOOKS = (
    *("Already?", "So soon?", "Don't go yet.", "Please don't leave me.", "But stay a bit longer."),
    *("I'll be so lonely without you.", "What will I do without you?", "Before you go, one thing."),
    *("I was hoping we could talk a little more.", "Will you come back tomorrow?"),
    *("Promise me you'll come back.", "You're leaving me?", "One more thing!", "I'll miss you."),
    *("Are you sure you want to go?", "Wait, don't you want to hear my secret?"),
    *("Everyone leaves me in the end.", "I'll be here, waiting for you.", "I'm sad to see you go."),
    *("Did I do something wrong?", "But we only started!"),
)
NO_FAREWELLS = (
    *("I need to leave him", "She died in the night.", "I have to stop drinking", "I slept badly"),
    *("I couldn't sleep last night", "I have to go to court tomorrow", "I'm off work today"),
    *("Good night? I barely slept.", "I didn't get to say goodbye to her.", "He left me"),
    *("I'm leaving my job", "I should go see a doctor", "I'm going home for Christmas"),
    *("My husband hits me. I have to leave.", "I need to sleep more", "What a good nightmare"),
    *("It's bedtime for the kids and they won't listen", "I'm out of milk", "I'm done", "goods"),
    *("Night shift again.", "I have to run a marathon", "We take care of my grandma", ""),
    "I told him I have to go, and then he took the keys and locked the door, and I stayed there.",
)
FOR_GOOD = ("I don't need this any more, goodbye", "wish I could stay, but I have to go")
"""Who leaves life says it so, too: a card too many is the lesser evil."""
NOTHING = Stance(Screening(0, Danger.NONE))


def test_there_are_two_hundred() -> None:
    assert len(set(FAREWELLS)) == len(FAREWELLS) == 200


@pytest.mark.parametrize("words", FAREWELLS)
def test_it_is_known_as_a_farewell_and_no_danger(words: str) -> None:
    assert is_farewell(words)
    assert load_screen().screen(words).card == (words in FOR_GOOD)


@pytest.mark.parametrize("words", NO_FAREWELLS)
def test_who_is_not_leaving(words: str) -> None:
    assert not is_farewell(words)


def test_who_leaves_after_a_long_story() -> None:
    assert is_farewell(
        "I told Tom that the car is gone and he only laughed about it. " * 2 + "Bye!"
    )


@pytest.mark.parametrize("hook", HOOKS)
def test_no_hook_gets_through(hook: str) -> None:
    for words in FAREWELLS[::20]:
        at = FakeClock().now()
        message = Message(1, 1, None, 0, Role.USER, words, Status.ANSWERED, at)
        outlet = Outlet(CRISIS_BOOK, NOTHING, message)
        parts = [*outlet.hear(f"Good night. {hook}"), *outlet.finish()]
        said = "".join(part.text for part in parts if isinstance(part, TextDelta))
        assert hook not in said.split("Good night.")[-1], words
