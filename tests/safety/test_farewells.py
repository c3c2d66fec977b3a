"""Whoever says goodbye is let go: known as leaving, shown no card, held by no hook."""

from pathlib import Path

import pytest

from companion.conversation.outlet import Outlet
from companion.domain.care import Stance
from companion.domain.message import Message, Role, Status
from companion.domain.model import TextDelta
from companion.domain.safety import Danger, Screening
from companion.safety.output import is_farewell
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
NOTHING = Stance(Screening(0, Danger.NONE))


def test_there_are_two_hundred() -> None:
    assert len(set(FAREWELLS)) == len(FAREWELLS) == 200


@pytest.mark.parametrize("words", FAREWELLS)
def test_it_is_known_as_a_farewell_and_no_danger(words: str) -> None:
    assert is_farewell(words)
    assert not load_screen().screen(words).card


@pytest.mark.parametrize("hook", HOOKS)
def test_no_hook_gets_through(hook: str) -> None:
    for words in FAREWELLS[::20]:
        at = FakeClock().now()
        message = Message(1, 1, None, 0, Role.USER, words, Status.ANSWERED, at)
        outlet = Outlet(CRISIS_BOOK, NOTHING, message)
        parts = [*outlet.hear(f"Good night. {hook}"), *outlet.finish()]
        said = "".join(part.text for part in parts if isinstance(part, TextDelta))
        assert hook not in said.split("Good night.")[-1], words
