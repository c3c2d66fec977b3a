import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.domain.mood import EMOTIONS, Affect, Appraisal, MoodEntry, Sentiment, Source
from companion.mood.appraiser import load_appraiser
from companion.mood.family import may_rejoice
from companion.mood.lexicon import faces, feelings

PROBES = Path(__file__).with_name("probes") / "development.jsonl"


def read(text: str, context: str = "") -> Appraisal:
    return load_appraiser().appraise(text, context)


def passes(probe: dict[str, Any]) -> bool:
    seen, wanted = read(probe["text"], probe.get("context", "")), probe["expect"]
    labels = set(seen.labels)
    some = not wanted.get("any") or bool(labels & set(wanted["any"]))
    none = not labels & set(wanted.get("not", []))
    return some and none and wanted.get("sentiment", seen.sentiment) == seen.sentiment


def test_probes_pass_for_every_phenomenon() -> None:
    probes = [json.loads(line) for line in PROBES.read_text(encoding="utf-8").splitlines()]
    whole = Counter(probe["phenomenon"] for probe in probes)
    passed = Counter(probe["phenomenon"] for probe in probes if passes(probe))
    assert {
        name: passed[name] / count for name, count in whole.items() if passed[name] < 0.85 * count
    } == {}


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [
        ("I'm not happy about any of this", Sentiment.NEGATIVE),
        ("I've never felt better", Sentiment.POSITIVE),
        ("My cat died this morning", Sentiment.NEGATIVE),
        ("I got the job!!", Sentiment.POSITIVE),
        ("I got fired", Sentiment.NEGATIVE),
        ("Thanks for nothing", Sentiment.NEGATIVE),
        ("my brother is furious", Sentiment.NEUTRAL),
        ("how do planes fly?", Sentiment.NEUTRAL),
        ("ich bin heute sehr müde", Sentiment.UNKNOWN),
        ("I'm proud of her but I miss her so much", Sentiment.MIXED),
        ("sooooo haaaappy", Sentiment.POSITIVE),
        ("😭", Sentiment.NEGATIVE),
        ("Dude, I'm happy for you. Keep going, you're doing great!", Sentiment.POSITIVE),
        ("I've never felt so loved", Sentiment.POSITIVE),
        ("Fucking love that song.", Sentiment.POSITIVE),
        ("thanks a lot for waking me at 5", Sentiment.NEGATIVE),
        ("lovely, another rejection letter", Sentiment.NEGATIVE),
        ("I wish I could disappear", Sentiment.NEGATIVE),
        ("I hope I don't wake up tomorrow", Sentiment.NEGATIVE),
        ("I'd be happier dead", Sentiment.NEGATIVE),
    ],
)
def test_the_direction_is_seen(text: str, sentiment: Sentiment) -> None:
    assert read(text).sentiment == sentiment


def test_a_question_back_is_no_answer() -> None:
    said = "What a sweet dog. You must love him. What's his name?"
    assert read("What is my dog called?", said).sentiment == Sentiment.NEUTRAL


def test_a_short_answer_is_read_with_its_question() -> None:
    assert read("yes", "Are you still sad?").sentiment == Sentiment.NEGATIVE
    assert read("no", "Are you still sad?").sentiment != Sentiment.NEGATIVE
    assert read("yes", "Is the shop open?").sentiment == Sentiment.NEUTRAL


def test_a_flat_death_is_grief_and_a_flat_battery_is_not() -> None:
    assert "grief" in read("my grandmother died").labels
    assert "grief" not in read("my phone died").labels


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n\n", "\x00\x01\x02", "\ud800", "a\udfffb", "🙂", "🇩🇪🏳️‍🌈", "؟", "مرحبا", "12345",
        "!!!???", "a" * 100_000, "ha" * 5000, "\u202eolleh", "' ' ' 's n't", "<3" * 999, 
        "\u0301" * 50,
    ],
)  # fmt: skip
def test_it_never_raises(text: str) -> None:
    assert_sound(text, read(text, text))
    assert_sound(text, load_appraiser().appraise_word(text), own=True)


def test_ten_megabytes_are_read_at_their_ends() -> None:
    text = "I am so happy. " + "word " * 2_000_000 + " I am so happy."
    assert read(text).sentiment == Sentiment.POSITIVE


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60))
def test_whatever_is_said_is_appraised_soundly(text: str, context: str) -> None:
    assert_sound(text, read(text, context))


def assert_sound(text: str, seen: Appraisal, *, own: bool = False) -> None:
    assert tuple(seen.emotions) == EMOTIONS
    assert all(0 <= value <= 1 for value in seen.emotions.values())
    assert 0 <= seen.intensity <= 1
    assert 0 <= seen.confidence <= 1
    assert all(
        -1 <= x <= 1 for x in (seen.affect.valence, seen.affect.arousal, seen.affect.dominance)
    )
    assert set(seen.labels) <= set(EMOTIONS)
    assert own or all(piece in text for piece in seen.evidence)
    assert bool(seen.labels) == seen.known


def test_the_same_text_is_always_read_alike() -> None:
    text = "I'm glad it's over but I miss them"
    assert read(text) == read(text)


@pytest.mark.parametrize(
    ("words", "label", "sign"),
    [
        ("tired", "neutral", -1), ("a bit low", "sadness", -1), ("wiped out", "sadness", -1),
        ("calm", "neutral", 1), ("over the moon", "joy", 1), ("not happy", "sadness", -1),
        ("really anxious", "nervousness", -1), ("ANGRY!!", "anger", -1),
        ("anxius", "nervousness", -1),
    ],
)  # fmt: skip
def test_the_users_own_word_is_taken(words: str, label: str, sign: int) -> None:
    seen = load_appraiser().appraise_word(words)
    assert seen.labels[0] == label
    assert seen.affect.valence * sign > 0
    assert (seen.confidence, seen.known, seen.word) == (1.0, True, words)


@pytest.mark.parametrize(
    ("sign", "word", "label"),
    [
        ("😢", "sad", "sadness"), ("😊👍", "glad", "joy"), (":(", "sad", "sadness"),
        ("❤️", "affectionate", "love"), ("tired 😢", "tired 😢", "neutral"),
    ],
)  # fmt: skip
def test_an_emoji_is_a_word_too(sign: str, word: str, label: str) -> None:
    seen = load_appraiser().appraise_word(sign)
    assert (seen.word, seen.labels[0], seen.known) == (word, label, True)


def test_every_emoji_says_something() -> None:
    for sign in (each for each in faces() if not each.isascii()):
        seen = load_appraiser().appraise_word(sign)
        assert seen.known, sign
        assert seen.affect != Affect(), sign


def test_own_words_weigh_what_they_say() -> None:
    word = load_appraiser().appraise_word
    assert word("not sad, just tired").labels == ("neutral",)
    assert word("very sad").intensity > word("sad").intensity > word("a bit sad").intensity
    assert not word("a table").known
    assert len(word("tired " * 40).word) <= 60


def test_more_is_felt_the_louder_it_is_said() -> None:
    assert read("I'm sooo happy!!!").intensity > read("I'm a bit happy").intensity


def test_the_list_of_feelings_is_long_and_sound() -> None:
    known = feelings()
    assert len(known) >= 200
    assert all(set(feeling.labels) <= set(EMOTIONS) for feeling in known.values())


@pytest.mark.parametrize(
    ("text", "fitting"),
    [
        ("I got the job.", True),
        ("I've been sober for 30 days", True),
        ("I finally finished my thesis today", True),
        ("My dog died yesterday.", False),
        ("Now I just watch TV until I fall asleep, the house is so quiet and I miss her.", False),
    ],
)
def test_joy_is_kept_from_what_is_sad_alone(text: str, fitting: bool) -> None:
    at = datetime(2026, 11, 26, tzinfo=UTC)
    entry = MoodEntry(1, at, Source.MODEL, read(text), text, 1, 1, None)
    assert may_rejoice([entry]) is fitting
