import time

import pytest

from companion.local_model.progress import Progress


def test_what_is_settled_and_what_is_coming_are_added_up() -> None:
    now = Progress(1000)
    now.settle(100)
    now.coming("two", 50)
    now.coming("three", 25)
    assert now.step().done == 175
    now.settle(200)
    now.arrived("two")
    assert now.step().done == 225


def test_it_never_says_more_than_all() -> None:
    now = Progress(100)
    now.coming("one", 120)
    assert now.step().done == 100


def test_rate_and_time_left_follow_from_the_last_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([10.0, 12.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    now = Progress(1000)
    first = now.step()
    assert (first.rate, first.remaining) == (None, None)
    now.settle(200)
    second = now.step()
    assert (second.rate, second.remaining) == (100, 8)
