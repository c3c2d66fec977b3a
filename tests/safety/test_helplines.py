from datetime import date

import pytest

from companion.domain.care import HelpCard, PlanPart
from companion.safety.card_text import describe_card, describe_reach
from companion.safety.helplines import find_country, is_country_code, list_countries

SPECIAL = ("", "PL", "ZZ", "EU")


@pytest.mark.parametrize("code", [*list_countries(), *SPECIAL])
def test_every_line_says_how_to_reach_it_and_where_it_was_read(code: str) -> None:
    country = find_country(code)
    assert country.emergency
    assert country.lines
    for line in country.lines:
        assert line.call or line.text or line.chat
        assert line.name
        assert line.hours
        assert line.languages
        assert line.source.startswith("http")
        assert line.checked >= date(2026, 11, 1)


@pytest.mark.parametrize(
    ("code", "emergency", "number"),
    [
        ("US", "911", "988"),
        ("CA", "911", "988"),
        ("GB", "999", "116 123"),
        ("IE", "112 or 999", "116 123"),
        ("AU", "000", "13 11 14"),
        ("NZ", "111", "1737"),
        ("PL", "112", ""),
        ("ZZ", "your local emergency number", ""),
    ],
)
def test_the_numbers(code: str, emergency: str, number: str) -> None:
    country = find_country(code)
    assert country.emergency == emergency
    assert country.lines[0].call == number
    if not number:
        assert country.lines[0].chat == "findahelpline.com"


def test_nobody_is_taken_to_be_somewhere() -> None:
    calls = [line.call for line in find_country("").lines]
    assert calls == ["988", "116 123", ""]


def test_codes() -> None:
    assert is_country_code("DE")
    assert not any(map(is_country_code, ("de", "DEU", "D1", "", "\u00c4\u00d6")))


def test_people_first_then_the_emergency_number_then_the_plan() -> None:
    plan = {PlanPart.TRUSTED: "Ana,\n0171", PlanPart.COPING: "tea"}
    lines = list(describe_card(HelpCard(find_country("US"), known=True, plan=plan)))
    assert [lead for lead, _ in lines] == [
        "You can talk to somebody right now.",
        "Call or text 988, open 988lifeline.org",
        "In danger at this moment: 911",
        "Your trusted contact:",
        "What helps you:",
    ]
    assert lines[3][1] == "Ana, 0171"


def test_ways_to_reach_somebody() -> None:
    samaritans, shout, _ = find_country("GB").lines
    assert describe_reach(samaritans) == "Call 116 123"
    assert describe_reach(shout) == "Text 85258"
    assert describe_reach(find_country("NL").lines[0], brief=True) == "Call 113 or 0800 0113"
