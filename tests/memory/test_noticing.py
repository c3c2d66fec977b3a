"""Sentences and what is noticed in them."""

from datetime import date

import pytest
from noticing import SAID, Case, describe, find, is_right, judge, read_cases

from companion.domain.findings import Ended, Moved, Renamed
from companion.domain.memories import Kind, Learned
from companion.memory.noticing.days import find_days
from companion.memory.noticing.doubt import is_playing
from companion.memory.noticing.noticer import notice, notice_promises
from companion.memory.noticing.persons import from_her, to_second, to_third

CASES = read_cases("development")


def learned(text: str) -> Learned:
    (found,) = notice(text, SAID)
    assert isinstance(found, Learned)
    return found


@pytest.mark.parametrize("case", [c for c in CASES if c.wanted], ids=lambda case: case.text)
def test_what_is_told_is_noticed(case: Case) -> None:
    counts, errors = judge([case])
    assert (counts["wrong"], counts["missed"]) == (0, 0), list(errors)


@pytest.mark.parametrize("text", [c.text for c in CASES if not c.wanted])
def test_what_is_not_told_is_not_noticed(text: str) -> None:
    assert list(find(text)) == []


def test_the_half_that_nothing_was_tuned_on() -> None:
    counts, _ = judge(read_cases("held_out"))
    assert counts["right"] / (counts["right"] + counts["wrong"]) >= 0.97
    assert counts["right"] / (counts["right"] + counts["missed"]) >= 0.94


def test_the_span_is_where_it_was_said() -> None:
    text = "Long day\u2026 but hey, I\u2019m a nurse! My sister Ana  says hi."
    found = notice(text, SAID)
    assert [text[each.start : each.end] for each in found] == ["I\u2019m a nurse", "My sister Ana"]


def test_a_memory_is_a_sentence_about_them() -> None:
    assert learned("I have to call my landlord tomorrow").text == (
        "They plan to call their landlord on Thursday 26 November 2026."
    )
    assert learned("my mum's called Ruth").text == "Ruth is their mother."
    assert learned("I'm an electrician").text == "They are an electrician."
    assert learned("My parents live in Split.").text == "Their parents live in Split."


def test_what_has_a_day_is_asked_about_after_it() -> None:
    exam = learned("I have an exam on Friday")
    assert (exam.since, exam.until, exam.due) == (
        *(date(2026, 11, 27), date(2026, 11, 27)),
        date(2026, 11, 28),
    )
    assert learned("I live in Graz.").due is None


def test_a_wish_for_today_ends_with_the_day() -> None:
    assert learned("Please don't give me advice right now.").until == SAID
    assert learned("Please don't give me advice.").until is None


@pytest.mark.parametrize("text", ["", "\0", "\x01", "a" * 100_000, "\ud800", "my \n my", "?!?!"])
def test_any_text_may_be_looked_at(text: str) -> None:
    assert notice(text, SAID) == ()
    assert notice_promises(text, SAID) == []


def test_a_game_goes_on_until_it_ends() -> None:
    begun = ["Let's play: you're a pirate and I'm a parrot", "I live in Tortuga"]
    assert is_playing(begun)
    assert not is_playing([*begun, "ok, enough of this game"])
    assert not is_playing(["x", *["hm"] * 12])


def test_changes_say_what_they_change() -> None:
    (quit_,) = notice("I quit my job", SAID)
    assert isinstance(quit_, Ended)
    assert quit_.instead is not None
    assert quit_.instead.text == "They left their job."
    (moved,) = notice("Actually it's on Tuesday", SAID)
    assert moved == Moved("", date(2026, 12, 1), date(2026, 12, 1), 0, 24)
    (renamed,) = notice("She's called Ana, not Anna", SAID)
    assert isinstance(renamed, Renamed)
    assert (renamed.old, renamed.new) == ("Anna", "Ana")


def test_a_promise_of_hers_is_told_of_them() -> None:
    (promise,) = notice_promises("Good luck! I'll ask you tomorrow how it went.", SAID)
    assert (promise.kind, promise.due) == (Kind.PROMISE, date(2026, 11, 26))
    assert promise.text.startswith("You promised them to ask them how it went")


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("tomorrow", "2026-11-26", "2026-11-26"),
        ("the day after tomorrow", "2026-11-27", "2026-11-27"),
        ("on Friday", "2026-11-27", "2026-11-27"),
        ("on Wednesday", "2026-12-02", "2026-12-02"),
        ("next Friday", "2026-12-04", "2026-12-04"),
        ("this weekend", "2026-11-28", "2026-11-29"),
        ("next week", "2026-11-30", "2026-12-06"),
        ("next week on Friday", "2026-12-04", "2026-12-04"),
        ("on Monday next week", "2026-11-30", "2026-11-30"),
        ("on Wednesday of the following week", "2026-12-02", "2026-12-02"),
        ("next month", "2026-12-01", "2026-12-31"),
        ("in three weeks", "2026-12-16", "2026-12-16"),
        ("in a month", "2026-12-25", "2026-12-25"),
        ("the 14th", "2026-12-14", "2026-12-14"),
        ("on the 3rd of December", "2026-12-03", "2026-12-03"),
        ("March 2nd", "2027-03-02", "2027-03-02"),
        ("in the spring", "2027-03-01", "2027-05-31"),
        ("at Christmas", "2026-12-25", "2026-12-25"),
        ("on 2027-01-31", "2027-01-31", "2027-01-31"),
    ],
)
def test_days_are_seen_from_the_day_of_the_message(words: str, since: str, until: str) -> None:
    (days,) = find_days(f"I'll see {words}", SAID)
    assert (str(days.since), str(days.until)) == (since, until)


@pytest.mark.parametrize(
    "text",
    ["I may go", "I sat down", "the sun", "30th of February", "in 999 years", "the 4th floor"],
)
def test_what_is_no_day(text: str) -> None:
    assert find_days(text, SAID) == ()


def test_persons_are_turned() -> None:
    assert to_third("I'm late for my exam and we're lost") == (
        "They are late for their exam and they are lost"
    )
    assert to_second("Their landlord likes them.") == "Your landlord likes you."
    assert from_her("I will ask you about your exam") == "I will ask them about their exam"


def test_what_is_described_is_compared() -> None:
    (found,) = notice("I live in Graz.", SAID)
    assert is_right(describe(found), ("place", "graz", ""))
    assert not is_right(describe(found), ("place", "linz", ""))
