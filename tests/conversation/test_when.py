from datetime import UTC, datetime, timedelta

import pytest

from companion.conversation.when import describe_moment, describe_pause

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pause", "words"),
    [
        (timedelta(seconds=20), "a moment"),
        (timedelta(minutes=1), "a minute"),
        (timedelta(hours=5), "5 hours"),
        (timedelta(days=1), "a day"),
        (timedelta(days=20), "2 weeks"),
        (timedelta(days=800), "2 years"),
        (timedelta(days=-1), "a moment"),
    ],
)
def test_pauses_in_words(pause: timedelta, words: str) -> None:
    assert describe_pause(pause) == words


def test_the_time_is_told_only_when_it_matters() -> None:
    assert describe_moment(NOW, None) == "It is Sunday evening, 22 November 2026."
    assert describe_moment(NOW, NOW - timedelta(minutes=30)) == ""
    later = describe_moment(NOW, NOW - timedelta(days=3))
    assert later == "3 days later: Sunday evening, 22 November 2026."
    assert describe_moment(NOW, NOW + timedelta(days=1)) == ""


def test_the_day_is_told_past_midnight_and_to_those_who_ask() -> None:
    night = NOW.replace(hour=0, minute=20)
    before = night - timedelta(minutes=40)
    assert describe_moment(night, before) == "It is Sunday night, 22 November 2026 by now."
    told = describe_moment(NOW, NOW, "Wait, what day is it?")
    assert told == "It is Sunday evening, 22 November 2026, 19:00."
    assert describe_moment(NOW, NOW, "What a day!") == ""
