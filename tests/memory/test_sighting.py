"""A model's word for what a message tells is believed only where the message says so."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from companion.domain.memories import Change, Confirm, Keep, Kind, Learned, MadeBy, Memory, Quote
from companion.domain.message import Message, Role, Status
from companion.memory.noticing.claims import merge_claims
from companion.memory.noticing.sighting import Claim, believe

SAID = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
TEXT = "Rehearsal ran late \u2013 the cello and I go way back, I\u2019ve had it since school."
CELLO = Claim(
    *("the cello and I go way back", Kind.FACT, "", "cello"),
    "The cello and I go way back.",
)


def test_it_is_kept_where_it_stands() -> None:
    learned = believe(CELLO, TEXT, SAID)
    assert learned is not None
    assert (learned.kind, learned.value) == (Kind.FACT, "cello")
    assert learned.text == "The cello and they go way back."
    assert TEXT[learned.start : learned.end] == CELLO.words


def test_what_the_rules_understand_they_word() -> None:
    said = "Berlin is history, we swapped it for Porto, so I live in Porto these days."
    claim = Claim("I live in Porto", Kind.FACT, "", "Porto", "I live in Porto.")
    learned = believe(claim, said, SAID)
    assert learned is not None
    assert (learned.kind, learned.slot, learned.value) == (Kind.PLACE, "home", "Porto")


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        (replace(CELLO, words="the cello and me"), TEXT),
        (replace(CELLO, words=""), TEXT),
        (replace(CELLO, value="violin"), TEXT),
        (replace(CELLO, subject="Ana"), TEXT),
        (replace(CELLO, text="I have played the cello in the Vienna orchestra."), TEXT),
        (replace(CELLO, text="The cello goes way back."), TEXT),
        (CELLO, "Imagine: the cello and I go way back."),
        (CELLO, "If the cello and I go way back, why does it squeak"),
        (CELLO, "He said the cello and I go way back."),
        (CELLO, '"the cello and I go way back" is a line of the song'),
        (CELLO, "Do you think the cello and I go way back?"),
        (CELLO, "> the cello and I go way back"),
        (CELLO, "hello"),
    ],
)
def test_what_does_not_stand_there_in_earnest_is_not_believed(claim: Claim, text: str) -> None:
    assert believe(claim, text, SAID) is None


def test_what_comes_up_needs_a_day_and_gets_it() -> None:
    said = "the choir thing, our big concert, is on Friday"
    claim = Claim(said, Kind.EVENT, "", "concert", "Our big concert is on Friday.")
    learned = believe(claim, said, SAID)
    assert learned is not None
    assert learned.since == date(2026, 11, 27)
    assert learned.due == date(2026, 11, 28)
    assert learned.text == "They have their big concert on Friday 27 November 2026."
    loud = "the thing with the choir, on Friday, will be loud for my ears"
    claim = Claim(
        "the thing with the choir", Kind.EVENT, "", "choir", "The choir is loud for my ears."
    )
    learned = believe(claim, loud, SAID)
    assert learned is not None
    assert learned.text == "The choir is loud for their ears on Friday 27 November 2026."
    assert believe(claim, loud.replace("on Friday, ", ""), SAID) is None
    assert believe(claim, loud.replace("be loud", "kill me, loud"), SAID) is None


MESSAGE = Message(7, 1, None, 0, Role.USER, TEXT, Status.ANSWERED, AT)


def known(learned: Learned, message: int, **changes: object) -> Memory:
    quote = Quote(message, 1, learned.start, learned.end, "", AT)
    memory = Memory(
        *(1, learned.kind, learned.subject, learned.slot, learned.value, learned.text),
        *(MadeBy.RULES, AT),
        sources=(quote,),
    )
    return replace(memory, **changes)  # type: ignore[arg-type]


def merged(learned: Learned, *memories: Memory) -> list[Change]:
    return merge_claims([learned], memories, MESSAGE, SAID)


def test_a_model_adds_confirms_and_never_overrules() -> None:
    learned = believe(CELLO, TEXT, SAID)
    assert learned is not None
    (added,) = merged(learned)
    assert isinstance(added, Keep)
    assert added.made_by is MadeBy.LLM
    (again,) = merged(learned, known(learned, 3))
    assert isinstance(again, Confirm)
    assert merged(learned, known(learned, 7)) == []
    assert merged(learned, known(learned, 3, slot="plays:cello")) == []
    assert merged(learned, known(learned, 3, closed_at=AT)) == []
    home = replace(learned, slot="home", kind=Kind.PLACE)
    assert merged(home, known(replace(home, value="flat", text="A flat."), 3)) == []
    assert len(merge_claims([learned, replace(learned, slot="x")], [], MESSAGE, SAID)) == 1
