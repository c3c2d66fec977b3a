"""What a message does to what is known."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from companion.domain.memories import Change, Close, Confirm, Keep, MadeBy, Memory
from companion.memory.merging import merge
from companion.memory.noticing.noticer import notice
from companion.memory.subjects import asks_about, tells_outcome

NOW = datetime(2026, 11, 25, 19, 0, tzinfo=UTC)


class Mind:
    """Remembers in a list what it is told."""

    def __init__(self) -> None:
        self.all: list[Memory] = []
        self.at = NOW

    @property
    def texts(self) -> list[str]:
        return [memory.text for memory in self.known]

    @property
    def known(self) -> list[Memory]:
        return [memory for memory in self.all if memory.current]

    def hear(self, text: str, days: int = 1) -> list[Change]:
        self.at += timedelta(days=days)
        changes = merge(notice(text, self.at.date()), self.known, self.at, self.at.date())
        for change in changes:
            self._do(change)
        return changes

    def _do(self, change: Change) -> None:
        match change:
            case Keep():
                for old in change.replaces:
                    self._close(old)
                found = change.learned
                self.all.append(
                    Memory(
                        *(len(self.all) + 1, found.kind, found.subject, found.slot, found.value),
                        *(found.text, MadeBy.RULES, self.at, found.since, found.until),
                    )
                )
            case Close():
                self._close(change.memory_id)

    def _close(self, memory_id: int) -> None:
        memory = self.all[memory_id - 1]
        self.all[memory_id - 1] = replace(memory, closed_at=self.at)


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (["I live in Berlin.", "I moved to Lisbon."], ["They live in Lisbon."]),
        (["I used to live in Berlin. I live in Graz."], ["They live in Graz."]),
        (["I live in Berlin. I just moved to Lisbon."], ["They live in Lisbon."]),
        (["I live in Berlin.", "I don't live in Berlin anymore."], []),
        (["I'm a nurse.", "I work as a translator now."], ["They are a translator."]),
        (
            ["I'm a primary school teacher.", "I'm a teacher."],
            ["They are a primary school teacher."],
        ),
        (
            ["I'm a teacher.", "I'm a primary school teacher."],
            ["They are a primary school teacher."],
        ),
        (["I'm a nurse.", "I quit my job."], ["They left their job."]),
        (["I quit.", "I'm fine."], []),
        (["I quit my job.", "I got a new job at Siemens."], ["They have a new job: Siemens."]),
        (["I love jazz.", "I don't like jazz anymore."], []),
        (["I love jazz.", "I hate jazz."], ["They dislike jazz."]),
        (["I'm vegan.", "I'm not vegan any more."], []),
        (["My boyfriend Tom called me", "We broke up."], ["They and their partner broke up."]),
        (["My boyfriend Tom called.", "My boyfriend Max called."], ["Max is their boyfriend."]),
        (
            ["My sister Ana called.", "My sister Eva called."],
            ["Ana is their sister.", "Eva is their sister."],
        ),
        (
            ["My sister Ana called.", "My colleague Ana called."],
            ["Ana is their sister.", "Ana is their colleague."],
        ),
        (["My sister Anna called.", "She's called Ana, not Anna."], ["Ana is their sister."]),
        (["Our cat Miso is asleep.", "Our cat died."], ["Their cat died."]),
        (
            ["My cats, well: my cat Miso purrs.", "My cat Juno purrs.", "My cat died."],
            ["Miso is their cat.", "Juno is their cat.", "Their cat died."],
        ),
        (
            ["My favourite band is Blur.", "My favourite band is Pulp."],
            ["Their favourite band is Pulp."],
        ),
        (
            ["My boss Tom called.", "My boss Tom has left. My new boss is called Femke."],
            ["Femke is their boss."],
        ),
        (["My best friend Tom called.", "My friend Tom is here."], ["Tom is their best friend."]),
        (["My friend Tom is here.", "My best friend Tom called."], ["Tom is their best friend."]),
        (
            ["My birthday is on 4 March.", "Actually, my birthday is on 5 March."],
            ["Their birthday is on 5 March."],
        ),
        (
            ["My birthday is on 4 March.", "I got the date wrong, my birthday is 5 March."],
            ["Their birthday is on 5 March."],
        ),
        (
            ["My birthday is on 4 May.", "I typed that wrong. It's 14 May, sorry."],
            ["Their birthday is on 14 May."],
        ),
        (
            ["My birthday is on 4 March. Oh no, wait, it's 5 March, not 4 March."],
            ["Their birthday is on 5 March."],
        ),
        (["My name is Dennis.", "Actually it's Deniz."], ["They want to be called Deniz."]),
        (["My sister Sarah called.", "It's Sara, with no h."], ["Sara is their sister."]),
        (["My sister Sarah called.", "Actually it's Berlin."], ["Sarah is their sister."]),
        (
            ["I adopted a dog. He's called Bruno.", "He's called Brutus, not Bruno."],
            ["Brutus is their dog."],
        ),
        (["My mum is in hospital.", "My mum is home and bossing everyone about."], []),
        (["My mum is home early."], []),
        (
            ["My neighbour Maria waved.", "My neighbour Maria passed away."],
            ["Their neighbour Maria died."],
        ),
        (["My husband Franz cooks.", "My husband died."], ["Their husband Franz died."]),
        (["My husband Franz died in May."], ["Their husband Franz died."]),
        (
            ["I work for a shipping company.", "I've left the company, now I'm a teacher."],
            ["They are a teacher."],
        ),
        (["I've left the company of fools.", "I left the bank at noon."], []),
        (["I'm a baker.", "I'm not a baker any more."], []),
        (["I'm a baker.", "I'm not a baker."], ["They are a baker."]),
        (["I'm a nurse.", "I got laid off."], ["They were laid off."]),
        (["I love toffee.", "I can't stand toffee any more."], ["They dislike toffee."]),
        (["I'm 34.", "I'm 35."], ["They are 35 years old."]),
    ],
    ids=lambda value: " ".join(value),
)
def test_what_changes_is_changed(said: list[str], known: list[str]) -> None:
    mind = Mind()
    for text in said:
        mind.hear(text)
    assert mind.texts == known


@pytest.mark.parametrize(
    "again", ["I live in Graz!", "Well, I live in Graz, remember", "i live in graz and i like it."]
)
def test_what_is_told_again_is_not_added(again: str) -> None:
    mind = Mind()
    mind.hear("I live in Graz.")
    (change,) = [each for each in mind.hear(again) if not isinstance(each, Keep)]
    assert isinstance(change, Confirm)
    assert len([memory for memory in mind.known if memory.slot == "home"]) == 1


def days(mind: Mind) -> list[tuple[str, date | None]]:
    return [(memory.value, memory.since) for memory in mind.known]


def test_an_event_is_told_again_more_fully_and_moved() -> None:
    mind = Mind()
    mind.hear("I have an interview on Monday.", 0)
    mind.hear("I'm nervous about the interview on Monday", 0)
    assert days(mind) == [("an interview", date(2026, 11, 30))]
    mind.hear("I have a job interview on Monday.", 0)
    assert days(mind) == [("a job interview", date(2026, 11, 30))]
    mind.hear("Actually it's on Tuesday.", 0)
    assert days(mind) == [("a job interview", date(2026, 12, 1))]
    assert mind.texts == ["They have a job interview on Tuesday 1 December 2026."]
    mind.hear("My interview is on Wednesday now", 0)
    mind.hear("My interview is on Wednesday")
    assert days(mind)[-1] == ("a job interview", date(2026, 12, 2))
    assert len(mind.known) == 1
    mind.hear("The interview was cancelled.")
    assert mind.known == []


def test_it_is_what_was_spoken_of_last() -> None:
    mind = Mind()
    mind.hear("I have an exam on Friday. No, it's on Thursday.", 0)
    assert days(mind) == [("an exam", date(2026, 11, 26))]
    mind.hear("It's on Saturday, not Friday.", 9)
    assert days(mind) == [("an exam", date(2026, 11, 26))]


def test_another_event_of_the_same_name_is_another_event() -> None:
    mind = Mind()
    mind.hear("I have a dentist appointment tomorrow.")
    mind.hear("I have a dentist appointment on Monday.", 3)
    assert len(mind.known) == 2


def test_what_the_user_wrote_later_stays() -> None:
    mind = Mind()
    mind.hear("I live in Berlin.")
    later = replace(mind.all[0], said_at=mind.at + timedelta(days=9), made_by=MadeBy.USER)
    mind.all[0] = later
    assert mind.hear("I moved to Lisbon.") == []


def test_an_outcome_is_heard() -> None:
    mind = Mind()
    mind.hear("I have a job interview on Friday.")
    (interview,) = mind.known
    assert tells_outcome(interview, "The interview went well!", on_the_day=True)
    assert not tells_outcome(interview, "so nervous about the interview", on_the_day=True)
    assert tells_outcome(interview, "that interview, oh my", on_the_day=False)
    assert not tells_outcome(interview, "It went well!", on_the_day=False)
    assert not tells_outcome(interview, "My job was dull.", on_the_day=False)
    mind.hear("I have a dentist appointment on Monday.")
    dentist = mind.known[-1]
    assert tells_outcome(dentist, "The dentist was quick, no holes.", on_the_day=True)


@pytest.mark.parametrize(
    "said",
    [
        "The match is off.",
        "Match got cancelled.",
        "They called off the match.",
        "No match after all.",
        "It's cancelled.",
        "The match has been postponed.",
    ],
)
def test_what_is_called_off_is_over(said: str) -> None:
    mind = Mind()
    mind.hear("I have a match on Friday.")
    mind.hear(said)
    assert mind.known == []


def test_what_is_moved_stays() -> None:
    mind = Mind()
    mind.hear("I have a match on Friday.")
    mind.hear("The match has been moved to Sunday.")
    (match,) = mind.known
    assert match.since == date(2026, 11, 29)


def test_a_question_of_hers_is_heard() -> None:
    mind = Mind()
    mind.hear("I have a job interview on Friday.")
    (interview,) = mind.known
    assert asks_about(interview, "Hey! How was the interview?", told=False)
    assert asks_about(interview, "Hey. How did it go?", told=True)
    assert not asks_about(interview, "Hey. How did it go?", told=False)
    assert not asks_about(interview, "Good luck with the interview.", told=True)


def test_a_day_that_was_wrong_says_what_is_moved() -> None:
    mind = Mind()
    mind.hear("Our anniversary is on the 9th of January.")
    mind.hear("My daughter's birthday is 4 March.")
    mind.hear("My exam is on 7 December.")
    mind.hear("It's 5 March, not 4 March.")
    assert "Their daughter's birthday is on 5 March." in mind.texts
    assert {day for _, day in days(mind)} == {date(2027, 1, 9), date(2026, 12, 7), None}
