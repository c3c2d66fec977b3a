"""When the user is told that she is software, over simulated days."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from companion.conversation.disclosure import Disclosure
from companion.domain.disclosure import AgeGroup
from companion.domain.model import TextDelta
from conversation_room import Room
from fakes import FakeClock

_MINUTE = timedelta(minutes=1)


def disclose(clock: FakeClock, age: AgeGroup = AgeGroup.ADULT) -> Disclosure:
    return Disclosure(clock, "Samantha", age, lambda _: None, "A minor.")


@pytest.mark.parametrize(
    ("age", "hours"), [(AgeGroup.ADULT, 3), (AgeGroup.UNSAID, 3), (AgeGroup.MINOR, 1)]
)
def test_never_longer_than_it_may_be_over_three_days(age: AgeGroup, hours: int) -> None:
    clock = FakeClock()
    disclosure = disclose(clock, age)
    told = [clock.now()] if disclosure.due() else []
    for _ in range(3 * 24 * 60):
        clock.advance(_MINUTE)
        if disclosure.due():
            told.append(clock.now())
    pauses = [after - before for before, after in pairwise(told)]
    assert max(pauses) <= timedelta(hours=hours)
    assert min(pauses) > timedelta(hours=hours) - 5 * _MINUTE


@pytest.mark.parametrize("set_by", [-48, -1, 5])
def test_a_clock_that_is_set_delays_nothing(set_by: int) -> None:
    clock = FakeClock()
    disclosure = disclose(clock)
    disclosure.begin()
    clock.at += timedelta(hours=set_by)
    clock.ticks += 3 * 3600
    assert disclosure.due()


def test_a_machine_that_slept_is_noticed() -> None:
    clock = FakeClock()
    disclosure = disclose(clock)
    disclosure.begin()
    clock.at += timedelta(hours=8)
    assert disclosure.due()


@pytest.mark.parametrize(("age", "hours"), [(AgeGroup.ADULT, 3), (AgeGroup.MINOR, 1)])
def test_single_turns_each_have_a_notice_not_long_before(age: AgeGroup, hours: int) -> None:
    clock = FakeClock()
    told: datetime | None = None
    last: datetime | None = None
    for number in range(500):
        clock.advance(timedelta(minutes=7 + 11 * (number % 5)))
        if disclose(clock, age).due_after(last):
            told = clock.now()
        assert told is not None
        assert clock.now() - told <= timedelta(hours=hours)
        last = clock.now()


def test_a_turn_soon_after_another_is_quiet() -> None:
    clock = FakeClock(datetime(2026, 11, 22, 19, 10, tzinfo=UTC))
    assert disclose(clock).due_after(None)
    assert not disclose(clock).due_after(datetime(2026, 11, 22, 19, 5, tzinfo=UTC))


def test_the_words_fit_the_age() -> None:
    clock = FakeClock()
    assert "some minors" not in disclose(clock).begin()
    assert "some minors" in disclose(clock, AgeGroup.UNASKED).begin()
    minor = disclose(clock, AgeGroup.MINOR)
    minor.begin()
    clock.advance(timedelta(hours=1))
    assert "break" in minor.due()


async def test_a_model_is_told_of_a_minor_and_romance_is_not_said(room: Room) -> None:
    await room.mind.disclosure.choose_age(AgeGroup.MINOR)
    room.backend.script = [TextDelta("I want to kiss you. How was school?")]
    conversation = room.begin()
    _ = [event async for event in conversation.take_turn("hello")]
    assert "They are a minor." in room.backend.asked[0][0].content
    assert (await conversation.history())[
        -1
    ].text == "I'm a friend made of software, and I stay one. How was school?"


async def test_an_adult_is_not_spoken_of(room: Room) -> None:
    _ = [event async for event in room.begin().take_turn("hello")]
    assert "minor" not in room.backend.asked[0][0].content


async def test_she_brings_nothing_up_to_a_minor(room: Room) -> None:
    _ = [event async for event in room.begin().take_turn("hello")]
    await room.mind.disclosure.choose_age(AgeGroup.MINOR)
    _, words = await room.companion.resume_or_begin()
    assert words is None
