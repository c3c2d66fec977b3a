"""Mood in words, never as one certainty."""

from datetime import UTC, datetime, timedelta

import pytest

from companion.domain.mood import Affect, Appraisal, MoodEntry, Source
from companion.mood.correction import find_own_word
from companion.mood.drift import follow_mood
from companion.mood.wording import describe_for_model, name_appraisal, name_mood
from fakes import feel

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def kept(appraisal: Appraisal, ago: timedelta = timedelta()) -> MoodEntry:
    return MoodEntry(1, NOW - ago, Source.MODEL, appraisal, "")


def mixed(sure: float = 0.6, strong: float = 0.8) -> Appraisal:
    labels = ("joy", "sadness", "remorse")
    return Appraisal(dict.fromkeys(labels, 0.5), labels, Affect(0.1), strong, sure)


def test_a_fresh_mood_has_its_own_word() -> None:
    assert name_mood(follow_mood([kept(feel("sad"))], NOW)) == "sad"
    assert name_mood(follow_mood([kept(feel("tired", said=True))], NOW)) == "tired"


def test_a_faded_mood_is_told_roughly() -> None:
    entries = [kept(feel("sad"), timedelta(hours=30))]
    assert name_mood(follow_mood(entries, NOW)) == "a little low"
    assert name_mood(follow_mood(entries, NOW + timedelta(days=9))) == "as usual"
    assert name_mood(follow_mood([], NOW)) == "not known yet"


def test_mixed_feelings_are_both_named() -> None:
    assert name_appraisal(mixed()) == "glad and sad"


@pytest.mark.parametrize(
    ("label", "valence", "also", "word"),
    [
        ("admiration", 0.5, "joy", "glad"),
        ("admiration", 0.3, "joy", "impressed"),
        ("admiration", 0.5, "gratitude", "touched"),
        ("approval", 0.1, "joy", "fine with it"),
        ("approval", 0.4, "joy", "content"),
        ("surprise", 0.2, "joy", "surprised"),
        ("surprise", -0.3, "fear", "taken aback"),
        ("caring", -0.3, "sadness", "concerned"),
        ("love", 0.7, "joy", "affectionate"),
    ],
)
def test_a_feeling_is_named_as_people_say_it(
    label: str, valence: float, also: str, word: str
) -> None:
    seen = Appraisal({label: 0.9, also: 0.2}, (label,), Affect(valence), 0.5, 0.9)
    assert name_appraisal(seen) == word


def test_a_large_model_is_told_how_sure_and_what_else() -> None:
    mood = follow_mood([kept(mixed())], NOW)
    told = describe_for_model(mixed(), mood, brief=False)
    assert told == "They seem very glad and sad (fairly sure; perhaps also sorry)."


def test_a_small_model_is_told_in_a_clause() -> None:
    mood = follow_mood([kept(mixed())], NOW)
    assert describe_for_model(mixed(sure=0.9), mood, brief=True) == "They seem very glad and sad."
    assert describe_for_model(mixed(sure=0.3), mood, brief=True) == ""
    guess = describe_for_model(mixed(sure=0.3, strong=0.1), mood, brief=False)
    assert guess.startswith("They seem a little glad and sad (only a guess")


def test_what_lasts_is_told() -> None:
    entries = [kept(feel("glad"), timedelta(days=day)) for day in range(30, 4, -1)]
    entries += [kept(feel("sad"), timedelta(days=day)) for day in range(4, -1, -1)]
    told = describe_for_model(feel("sad"), follow_mood(entries, NOW), brief=True)
    assert told == "They seem sad; heavier than usual for them these last days."


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("no, I'm not sad, just tired", "tired"),
        ("I'm not angry, I'm hurt.", "hurt"),
        ("nah just bored", "bored"),
        ("actually I'm not sad. I'm exhausted today", "exhausted"),
        ("I\u2019m not mad, only tired is all", "tired"),
        ("No, I am not lonely; I feel kind of empty", "empty"),
        ("not sad just worn out", "worn out"),
        ("I'm not happy", None),
        ("my sister is not sad, just tired", None),
        ("no, I'm not going", None),
        ("I'm just saying", None),
        ("no, just kidding", None),
    ],
)
def test_a_correction_is_heard(text: str, word: str | None) -> None:
    found = find_own_word(text)
    assert (found.word if found else None) == word
