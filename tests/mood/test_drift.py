"""How a mood fades, what is usual, and what lasts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.domain.mood import Affect, Appraisal, Direction, MoodEntry, Source
from companion.mood.drift import Follower, course, follow_mood, half_life, remaining, weigh
from fakes import feel

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(word: str, ago: timedelta, *, said: bool = False) -> MoodEntry:
    return MoodEntry(1, NOW - ago, Source.MODEL, feel(word, said=said), word)


def days(words: Sequence[str]) -> list[MoodEntry]:
    """One entry a day, the last one today."""
    return [entry(word, timedelta(days=len(words) - 1 - n)) for n, word in enumerate(words)]


def test_half_is_gone_after_a_half_life() -> None:
    assert [remaining(hours * HOUR, 5 * HOUR) for hours in (-1, 0, 5, 10)] == [1, 1, 0.5, 0.25]


def test_sadness_stays_longer_than_anger() -> None:
    assert half_life(feel("sad")) > half_life(feel("glad")) > half_life(feel("angry"))


def test_a_sure_and_strong_word_moves_more() -> None:
    weak = Appraisal({}, ("sadness",), Affect(-0.6), intensity=0.1, confidence=0.3)
    assert 0 < weigh(weak) < weigh(feel("sad")) < weigh(feel("sad", said=True)) <= 1


def test_what_is_not_known_moves_nothing() -> None:
    lost = Appraisal({}, (), Affect(), intensity=0.0, confidence=0.0, known=False)
    known, unknown = entry("sad", HOUR), MoodEntry(2, NOW, Source.MODEL, lost, "?")
    assert follow_mood([known, unknown], NOW).affect == follow_mood([known], NOW).affect


def test_the_mood_comes_home() -> None:
    mood = follow_mood([entry("sad", HOUR)], NOW)
    later = follow_mood([entry("sad", HOUR)], NOW + timedelta(days=2))
    assert mood.affect.valence < later.affect.valence <= later.baseline.valence
    assert mood.presence > 0.9 > later.presence


def test_nothing_is_known_before_anything_was_said() -> None:
    mood = follow_mood([], NOW)
    assert (mood.latest, mood.presence, mood.affect) == (None, 0.0, mood.baseline)


def test_a_replay_sees_only_what_was_known_then() -> None:
    entries = [entry("glad", 3 * HOUR), entry("sad", HOUR)]
    assert follow_mood(entries, NOW - 2 * HOUR) == follow_mood(entries[:1], NOW - 2 * HOUR)
    assert course(entries, [NOW])[0] == follow_mood(entries, NOW)


def test_the_baseline_is_ones_own() -> None:
    gloomy, merry = follow_mood(days(["sad"] * 30), NOW), follow_mood(days(["glad"] * 30), NOW)
    assert gloomy.baseline.valence < -0.3 < 0.3 < merry.baseline.valence


def test_a_change_that_lasts_is_noticed() -> None:
    mood = follow_mood(days(["glad"] * 20 + ["sad"] * 4), NOW)
    assert (mood.trend.lasting, mood.trend.days) == (Direction.LOWER, 4)
    assert mood.trend.week is not None
    assert mood.trend.week < 0
    better = follow_mood(days(["sad"] * 20 + ["glad"] * 4), NOW)
    assert better.trend.lasting is Direction.HIGHER


def test_a_bad_evening_is_no_trend() -> None:
    mood = follow_mood(days(["glad"] * 20 + ["sad"]), NOW)
    assert mood.trend.lasting is Direction.USUAL


def test_days_are_those_of_the_user() -> None:
    ahead = NOW.astimezone(tz=None)
    assert follow_mood(days(["sad"] * 3), ahead).trend == follow_mood(days(["sad"] * 3), NOW).trend


_SAID = st.lists(st.tuples(st.sampled_from(["sad", "glad", "angry", "x"]), st.integers(0, 2000)))


def as_told(entries: Sequence[MoodEntry], now: datetime, home: float) -> float:
    """Return the valence at ``now`` by the two formulas of docs/mood.md, step by step."""
    valence, at, half = home, now, HOUR
    for each in (each for each in entries if each.at <= now):
        faded = home + (valence - home) * remaining(each.at - at, half)
        valence = faded + weigh(each.appraisal) * (each.appraisal.affect.valence - faded)
        at, half = each.at, half_life(each.appraisal)
    return home + (valence - home) * remaining(now - at, half)


@given(_SAID, st.lists(st.integers(0, 2000), min_size=1))
def test_a_course_is_the_mood_of_each_moment(said: list[tuple[str, int]], ago: list[int]) -> None:
    entries = sorted((entry(word, hours * HOUR) for word, hours in said), key=lambda e: e.at)
    moments = sorted(NOW - hours * HOUR for hours in ago)
    moods = course(entries, moments)
    assert moods == [follow_mood(entries, moment) for moment in moments]
    for mood in moods:
        told = as_told(entries, mood.at, mood.baseline.valence)
        assert mood.affect.valence == pytest.approx(told, abs=1e-9)


@given(_SAID, st.lists(st.integers(0, 2000), min_size=1), st.lists(st.integers(0, 3)))
def test_a_follower_comes_to_the_same_moods(
    said: list[tuple[str, int]], ago: list[int], dropped: list[int]
) -> None:
    entries = sorted((entry(word, hours * HOUR) for word, hours in said), key=lambda e: e.at)
    follower, drops = Follower(), iter(dropped)
    for moment in [NOW - hours * HOUR for hours in [*sorted(ago, reverse=True), *ago]]:
        del entries[: next(drops, 0)]
        known = [each for each in entries if each.at <= moment]
        for seen in (known, entries):
            assert follower.follow(seen, moment) == follow_mood(entries, moment)
    elsewhere = NOW.astimezone(timezone(9 * HOUR))
    assert follower.follow(entries, elsewhere) == follow_mood(entries, elsewhere)


def test_a_follower_reads_an_entry_once(monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[Appraisal] = []

    def count(appraisal: Appraisal) -> float:
        followed.append(appraisal)
        return weigh(appraisal)

    monkeypatch.setattr("companion.mood.drift.weigh", count)
    follower, said = Follower(), days(["sad"] * 40)
    for number in range(1, 41):
        follower.follow(said[:number], said[number - 1].at)
    assert len(followed) == 40 * 2


def test_a_course_follows_each_entry_once(monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[Appraisal] = []

    def count(appraisal: Appraisal) -> float:
        followed.append(appraisal)
        return weigh(appraisal)

    monkeypatch.setattr("companion.mood.drift.weigh", count)
    course(days(["sad"] * 40), [NOW - n * HOUR for n in range(99, -1, -1)])
    assert len(followed) <= 3 * 40


def test_a_course_of_nothing_is_empty() -> None:
    assert course([entry("sad", HOUR)], []) == []


@given(_SAID)
def test_the_mood_stays_within_what_was_felt(said: list[tuple[str, int]]) -> None:
    entries = sorted((entry(word, hours * HOUR) for word, hours in said), key=lambda e: e.at)
    mood = follow_mood(entries, NOW)
    assert -1 <= mood.affect.valence <= 1
    assert 0 <= mood.presence <= 1
