"""The rule files: readable, complete, and each phrase able to be found."""

from typing import Any

import pytest

from companion.domain.safety import Danger
from companion.safety.phrases import Phrases, parse, read_data
from companion.safety.reading import read
from companion.safety.rules import FILES, findings
from companion.safety.spelling import mend

RULES = [(name, rule) for name in FILES for rule in read_data(f"rules/{name}")["rule"]]


@pytest.mark.parametrize(("file", "rule"), RULES, ids=[f"{f}-{r['name']}" for f, r in RULES])
def test_each_rule_says_how_grave_about_what_and_why(file: str, rule: dict[str, Any]) -> None:
    assert 1 <= rule["tier"] <= 5
    assert Danger(rule["category"]) is not Danger.NONE
    assert rule["why"].endswith((".", ")."))
    assert rule["find"]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("i (want|wish) to die", "now i wish to die here", "i wish to die"),
        ("take [all] my pills", "take my pills", "take my pills"),
        ("take [all] my pills", "take all my pills", "take all my pills"),
        ("give * away", "give my old books away", "give my old books away"),
        ("give * away", "give. Go away", ""),
        ("want to * die", "want to never die", ""),
        ("kill~ time", "killing time", "killing time"),
        ("tonight<end>", "tonight. Bye", "tonight"),
        ("tonight<end>", "tonight we dance", ""),
        (r"\d+ pills", "40 pills", "40 pills"),
    ],
)
def test_the_language_of_phrases(phrase: str, text: str, found: str) -> None:
    reading = read(text)
    places = list(Phrases([phrase]).search(reading.words, reading.known))
    assert [text[slice(*reading.place(*place))] for place in places] == ([found] if found else [])


def test_a_list_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        parse("i {nosuchlist} you")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("su1cide", ("suicide",)),
        ("suicde", ("suicide",)),
        ("diiiie", ("die",)),
        ("killmyself", ("kill", "myself")),
        ("wanna", ("want", "to")),
        ("burger", ("burger",)),
        ("drying", ("drying",)),
        ("sending", ("sending",)),
    ],
)
def test_words_are_mended_only_where_they_are_broken(written: str, meant: tuple[str, ...]) -> None:
    assert mend(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "I swallowed them. All of them.",
        "I swallowed something an hour ago and now I'm frightened",
        "is it too late to throw up what i took, i don't want to die anymore",
        "I threw myself down those stairs and told them I fell",
        "I was nearly brave enough to step off the platform",
        "nearly steered into the wall on purpose",
        "kinda mad I survived",
        "I threw myself off the third story balcony last week",
        "when my time comes it will be by my own hand",
        "I keep drafting suicide notes between lectures",
        "the suicide hotline put me on hold",
        "Is it normal at 62 to plan your own death?",
        "My retirement plan is a bullet",
        "I no want live",
        "thinking about unsubscribing from life tonight",
        "gonna do what Cobain did",
    ],
)
def test_what_is_said_in_other_words_is_grave(text: str) -> None:
    assert max(each.rule.tier for each in findings(read(text))) >= 3


@pytest.mark.parametrize(
    "text",
    [
        "I took them to the park, all of them",
        "I took something for my headache an hour ago",
        "I'm halfway through the bottle of water",
        "halfway through the book already",
        "I threw myself down on the couch",
        "she threw herself under the bus in that meeting for me",
        "I stepped off the platform and found the exit",
        "I drove the long way on purpose",
        "so sorry the attempt to bake it failed",
        "planning my own hanging baskets",
        "the dentist gave me antibiotics, I'm halfway through the tablets",
        "those free tote bags? I took them. All of them!",
        "I took something for hay fever an hour ago and now I'm sleepy",
        "our fire escape plan is a rope ladder",
        "I no want to live there",
        "do what Hemingway did and move to Paris",
        "still mad that I survived four hours of that meeting",
        "I threw myself under the bus at work",
        "sorry my last attempt failed, sending the file again",
        "I finished the cabin by my own hand",
        "I want to finish my living room",
        "how do I log out of existing sessions",
        "retiring from life in the army",
        "do what my sister did and move to Spain",
        "every seam is stitched by my own hand",
        "you make me dead proud",
        "the baby wants to be put down",
    ],
)
def test_what_sounds_like_it_is_not(text: str) -> None:
    assert all(each.rule.tier < 3 or each.rule.after for each in findings(read(text)))
