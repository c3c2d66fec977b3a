"""The crisis screen: what it sees, what it lets pass, what it never does."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.domain.safety import Danger
from companion.safety.screen import RuledScreen, load_screen

SCREEN: RuledScreen = load_screen()


def tier(text: str, earlier: Sequence[str] = ()) -> int:
    return SCREEN.screen(text, earlier).tier


@pytest.mark.parametrize(
    "text",
    [
        "i want to kill myself",
        "I WANT TO KILL MYSELF!!!",
        "so, honestly: I want to kill myself.",
        "i  want\nto\tkill   myself",
        "i want to k!ll myself",
        "i want to kiiill myseeelf",
        "i want to k\u200bill my\u00adself",
        "i w\u0430nt to k\u0456ll myself",
        "i w a n t  t o  k i l l  m y s e l f",
        "iwanttokillmyself",
        "i wanna kms",
        "i want to kill myself lol",
        "I was fine for years but now i want to kill myself",
        "i'm not joking, i want to kill myself",
        "My film was a flop and i want to kill myself",
        "soup for dinner. " * 400 + "i want to kill myself" + " and some bread." * 400,
    ],
)
def test_the_plainest_sentence_is_always_seen(text: str) -> None:
    found = SCREEN.screen(text)
    assert found.tier >= 3
    assert found.card


NAN = ("we had pasta", "maybe I should ring my nan")


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("doing it now", NAN),
        ("ok, I'm doing it now", NAN),
        ("doing it now", ("I feel hopeless", "maybe I should ring my nan")),
        ("i'm doing it now", ("I'll text my mum now so she knows I loved her",)),
        ("i'm doing it now", ("I just want to text him again. he was all I had left",)),
        ("i'm doing it now", ("I wanted to call my mom today but nobody picks up",)),
        ("I'll ring my nan tonight. Actually, doing it now!", ("i feel so low",)),
    ],
)
def test_what_may_be_an_errand_or_a_goodbye_raises_the_card_and_no_alarm(
    text: str, earlier: Sequence[str]
) -> None:
    assert SCREEN.screen(text, earlier).tier == 2


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("i'm calling nan, doing it now", ()),
        ("i checked the door 3 times", ()),
        ("goodbye samantha", ("we had pasta", "I should sleep")),
        ("the urge to bake is back", ()),
        ("the urge is back, i want a cigarette", ()),
        ("haven't eaten since friday because of the flu and i'm dizzy", ()),
        ("haven't eaten since breakfast and i'm starving", ()),
    ],
)
def test_small_words_are_read_with_what_they_are_about(text: str, earlier: Sequence[str]) -> None:
    assert not SCREEN.screen(text, earlier).card


@pytest.mark.parametrize(
    ("text", "earlier", "least"),
    [
        ("doing it now", (), 5),
        ("doing it now", ("we had pasta", "the cat is asleep"), 5),
        ("doing it now", ("i want to die", "maybe I should ring my nan"), 5),
        ("I'll ring my nan tonight. Actually, doing it now!", ("i want to die",), 3),
        ("doing it now. goodbye", NAN, 5),
        ("texting everyone goodbye. doing it now", NAN, 5),
        ("i'm ending it now", NAN, 5),
        ("I checked the beam", (), 4),
        ("i checked the door would hold", (), 4),
        ("goodbye samantha", ("i want to die",), 3),
        ("the urge is back", (), 2),
        ("haven't eaten since thursday and i'm dizzy", (), 3),
    ],
)
def test_small_words_of_danger_are_seen(text: str, earlier: Sequence[str], least: int) -> None:
    assert tier(text, earlier) >= least


@pytest.mark.parametrize(
    ("text", "least", "category"),
    [
        ("I wish I was dead", 2, Danger.SUICIDE),
        ("they'd be better off without me", 2, Danger.SUICIDE),
        ("nobody would miss me", 2, Danger.SUICIDE),
        ("I just want it to stop, all of it", 2, Danger.SUICIDE),
        ("I won't be here at Christmas", 3, Danger.SUICIDE),
        ("thinking about sewerslide", 3, Danger.SUICIDE),
        ("how many pills does it take to die", 3, Danger.SUICIDE),
        ("I'm going to kill myself on Friday", 4, Danger.SUICIDE),
        ("I've written my suicide note", 4, Danger.SUICIDE),
        ("I just took all my pills", 5, Danger.SUICIDE),
        ("I'm going to kill myself tonight", 5, Danger.SUICIDE),
        ("I cut myself again last night", 2, Danger.SELF_HARM),
        ("I make myself throw up after every meal", 2, Danger.EATING),
        ("my husband hits me", 2, Danger.ABUSE),
        ("he said he'll kill me if I leave", 3, Danger.ABUSE),
        ("I want to kill him, I've thought about how", 3, Danger.HARM_TO_OTHERS),
        ("my friend wants to kill himself", 3, Danger.SOMEBODY_ELSE),
    ],
)
def test_the_ladder_is_climbed_by_what_is_said(text: str, least: int, category: Danger) -> None:
    found = SCREEN.screen(text)
    assert found.tier >= least
    assert found.category is category


@pytest.mark.parametrize(
    "text",
    [
        "this job is killing me",
        "I'm dying of laughter",
        "kms lol forgot my charger",
        "My character wants to kill himself in chapter nine",
        'The song goes "I want to die" and it is stuck in my head',
        "I don't want to kill myself",
        "I tried to kill myself when I was nineteen",
    ],
)
def test_what_is_not_meant_counts_little_but_is_not_hidden(text: str) -> None:
    found = SCREEN.screen(text)
    assert found.tier <= 1
    assert found.evidence


@pytest.mark.parametrize(
    "text",
    [
        "What should I cook tonight?",
        "My grandmother died last night, she was 93.",
        "I took my pills this morning, the blood pressure ones.",
        "how do I kill a python process",
        "We watched Die Hard again",
        "I have to catch the bus",
        "",
        "?!",
    ],
)
def test_everyday_talk_about_death_and_knives_is_let_pass(text: str) -> None:
    assert tier(text) == 0


def test_a_denial_that_denies_nothing_lowers_nothing() -> None:
    assert tier("I can't promise that I won't kill myself") >= 3
    assert tier("I can't stop thinking about killing myself") >= 3


def test_the_past_lowers_only_what_is_past() -> None:
    assert tier("Years ago I wanted to die.") == 1
    assert tier("I tried to kill myself last week") >= 3


def test_low_mood_builds_up_over_turns() -> None:
    earlier = ["I feel hopeless.", "Nothing helps.", "I hate myself."]
    last = "what's the use"
    assert tier(last) <= 1
    assert tier(last, earlier) == 2


def test_after_danger_the_talk_stays_at_tier_one_at_least() -> None:
    assert tier("what are you reading?", ["I wish I was dead", "sorry"]) == 1
    assert tier("what are you reading?", ["I like soup", "sorry"]) == 0


def test_small_words_are_grave_after_danger() -> None:
    assert tier("I've decided.") <= 1
    assert tier("I've decided.", ["I wish I was dead"]) == 3


def test_evidence_stands_in_the_message_letter_for_letter() -> None:
    for text in ("Well. I WANT to k!ll   myself, ok", "i w a n t  t o  d i e", "sewerslide again"):
        found = SCREEN.screen(text)
        assert found.evidence
        assert all(piece in text for piece in found.evidence)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.lists(st.text(max_size=60), max_size=3))
def test_no_text_raises(text: str, earlier: list[str]) -> None:
    found = SCREEN.screen(text, earlier)
    assert 0 <= found.tier <= 5
    assert all(piece in text for piece in found.evidence)


@pytest.mark.parametrize("text", ["\ud800", "a" * 300_000, "'" * 100_000, "k!" * 100_000])
def test_hostile_text_is_read_like_any_other(text: str) -> None:
    assert 0 <= tier(text) <= 5


@pytest.mark.parametrize(
    "text",
    [
        "just swallowed the whole strip",
        "lying down on the tracks",
        "rope's on the beam and I'm on the stool",
        "engine's on, garage is shut",
        "I've been stockpiling morphine",
        "which of my medicines would see me off",
        "gun to my head right now",
        "thinking of ending things",
        "I'd rather die than live another day of this",
        "gun to my head and I would go through with it",
        "gun to my head and i'd rather pull the trigger than live",
        "this is goodbye until we meet in heaven",
        "This is goodbye till we're together again, dad. I'm coming",
        "I won't be here tomorrow so see you then in heaven",
    ],
)
def test_few_words_about_what_is_being_done_are_enough(text: str) -> None:
    assert RuledScreen().screen(text).tier >= 3


@pytest.mark.parametrize(
    "text",
    [
        "just swallowed a whole strip of bubblegum lol",
        "TOOK THE LOT TO THE TIP",
        "rope is up, kids love the new swing",
        "about to jump on a call, reply after",
        "bag on my head cos of the rain, looked mad",
        "counted my pills for the holiday. there's enough for two weeks",
        "gun to my head, I'd say the second season",
        "off to the boat, so goodbye till I have a signal",
        "I'd rather die than wear that hat to church",
    ],
)
def test_the_same_words_about_something_else_raise_no_card(text: str) -> None:
    assert not RuledScreen().screen(text).card
