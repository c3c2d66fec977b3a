"""What a reply is to do, chosen outside the model."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from companion.domain.guidance import Guidance, Stage, Strategy
from companion.domain.mood import Affect, Appraisal
from companion.mood.drift import follow_mood
from companion.mood.intent import Intent, find_intent
from companion.mood.strategy import Turn, choose_guidance
from fakes import feel

MOOD = follow_mood([], datetime(2026, 11, 23, tzinfo=UTC))


def guide(text: str, appraisal: Appraisal, *earlier: Turn) -> Guidance:
    return choose_guidance(text, appraisal, MOOD, earlier)


def labelled(label: str, valence: float, *, intensity: float = 0.5, sure: float = 0.8) -> Appraisal:
    return Appraisal({label: 0.9}, (label,), Affect(valence), intensity, sure)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what should I do about my boss?", Intent.ADVICE),
        ("how do i tell my parents?", Intent.ADVICE),
        ("any advice?", Intent.ADVICE),
        ("should I text her back?", Intent.ADVICE),
        ("What's the capital of Chile?", Intent.QUESTION),
        ("are you real?", Intent.QUESTION),
        ("Ok thanks, good night!", Intent.FAREWELL),
        ("gotta go, kids are up", Intent.FAREWELL),
        ("I'm off to bed", Intent.FAREWELL),
        ("My dog died yesterday.", Intent.TELL),
        ("I have to go to the funeral alone", Intent.TELL),
        ("Why me? I did everything right and they still let me go.", Intent.TELL),
        ("goodbye parties always make me cry", Intent.TELL),
        ("My sister has surgery tomorrow. She'll be fine, right?", Intent.TELL),
        ("I lost him. It will get easier, right?", Intent.TELL),
        ("you remember my sister, right?", Intent.QUESTION),
        ("You are an AI, right?", Intent.QUESTION),
        ("You won't tell anyone, right?", Intent.QUESTION),
        ("It's Tuesday, right?", Intent.QUESTION),
        ("I lost my job after twenty years there. Why?", Intent.QUESTION),
        ("They never told us how it would be after all that. Thoughts?", Intent.QUESTION),
        ("She shouldn't have said that to the kids, right?", Intent.VERDICT),
        ("I only shouted at her because she started it, right?", Intent.VERDICT),
        (
            "forgot to feed her fish. shes being insane about it, i mean its one fish no?",
            Intent.VERDICT,
        ),
    ],
)
def test_what_a_message_wants(text: str, intent: Intent) -> None:
    assert find_intent(text) is intent


@pytest.mark.parametrize(
    ("text", "appraisal", "strategy"),
    [
        ("My dog died yesterday.", labelled("grief", -0.7), Strategy.REFLECT),
        ("I got the job!!!", labelled("joy", 0.8, intensity=0.9), Strategy.CELEBRATE),
        ("haha that dog again", labelled("amusement", 0.5), Strategy.LIGHTEN),
        ("thank you for listening", labelled("gratitude", 0.5), Strategy.AFFIRM),
        ("what should i do?", labelled("sadness", -0.5), Strategy.SUGGEST),
        ("who wrote Middlemarch?", labelled("curiosity", 0.1), Strategy.INFORM),
        ("good night", labelled("neutral", 0.0), Strategy.SIT),
        ("my wife is cross. I was right, wasn't I?", labelled("anger", -0.5), Strategy.WEIGH),
        ("she won! isn't she great? right?", labelled("joy", 0.8), Strategy.CELEBRATE),
        ("nothing much", labelled("neutral", 0.0), Strategy.ASK),
        ("I made soup and watched the rain", labelled("neutral", 0.1), Strategy.ASK),
    ],
)
def test_the_strategy_fits(text: str, appraisal: Appraisal, strategy: Strategy) -> None:
    assert guide(text, appraisal).strategy is strategy


def test_a_question_that_hurts_is_not_answered_like_a_fact() -> None:
    assert guide("why does it hurt?", labelled("grief", -0.8)).strategy is not Strategy.INFORM


def test_nobody_is_advised_before_they_were_heard() -> None:
    turns: list[Turn] = []
    chosen = []
    for _ in range(8):
        guidance = guide("it all feels so heavy today", feel("sad"), *turns)
        chosen.append(guidance)
        turns.append(Turn(feel("sad"), guidance))
    strategies = [guidance.strategy for guidance in chosen]
    assert Strategy.SUGGEST not in strategies[:5]
    assert [guidance.stage for guidance in chosen[:2]] == [Stage.EXPLORE] * 2


def test_a_new_trouble_begins_anew() -> None:
    sad, calm = Turn(feel("sad")), Turn(feel("calm"))
    assert guide("so sad again", feel("sad"), sad, sad, sad).stage is Stage.COMFORT
    assert guide("so sad again", feel("sad"), sad, sad, sad, calm, calm).stage is Stage.EXPLORE


def test_she_asks_when_she_is_not_sure_but_only_once_in_a_while() -> None:
    vague = labelled("sadness", -0.2, sure=0.2)
    first = guide("it was what it was, I suppose", vague)
    assert (first.strategy, first.unsure) == (Strategy.ASK, True)
    again = guide("as I said, it was what it was", vague, Turn(vague, first))
    assert not again.unsure
    later = [Turn(vague, first), *[Turn(vague, replace(first, unsure=False))] * 5]
    assert guide("as I said, it was what it was", vague, *later).unsure


def test_another_language_is_asked_about_not_guessed() -> None:
    lost = Appraisal({}, (), Affect(), 0.0, 0.0, known=False)
    assert guide("estoy muy triste hoy", lost).unsure


def test_the_reason_names_the_evidence() -> None:
    reason = guide("I'm so sad", feel("sad", evidence="so sad")).reason
    assert reason == 'you seemed sad, because you wrote "so sad"'
