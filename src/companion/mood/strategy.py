"""Choosing what a reply does, outside the model.

A small model left to itself advises. Trained helpers explore first, comfort then, and
act last (Hill 2009; ESConv, Liu et al. 2021), and choosing the strategy outside the
model beats the model's own bias (Kang et al. 2024, "Can Large Language Models be Good
Emotional Supporter?").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from companion.domain.guidance import Exemplar, Guidance, Stage, Strategy
from companion.domain.mood import NEGATIVE, POSITIVE, Appraisal, Mood, Sentiment
from companion.mood.intent import Intent, find_intent, is_quarrel
from companion.mood.wording import name_appraisal

_UNSURE_BELOW = 0.4
_UNSURE_PAUSE = 5
_COMFORT_FROM = 2
_ACT_FROM = 5
_FEW_WORDS = 4
_STRONG = 0.6
_QUOTED = 80

_GLAD = frozenset(("joy", "excitement", "pride", "relief", "optimism"))
_WARM = frozenset(("gratitude", "caring", "love", "admiration", "approval"))
_ANSWERS = frozenset((Strategy.INFORM, Strategy.SUGGEST))
_EXPOSED = frozenset(("remorse", "embarrassment"))
_PLANS = {
    "explore": (Strategy.REFLECT, Strategy.ASK),
    "comfort": (Strategy.SIT, Strategy.REFLECT, Strategy.AFFIRM),
    "act": (Strategy.AFFIRM, Strategy.SUGGEST, Strategy.ASK),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier turn of the user in this conversation, as it was seen then."""

    appraisal: Appraisal
    guidance: Guidance | None = None


def choose_guidance(
    text: str, appraisal: Appraisal, mood: Mood, earlier: Sequence[Turn]
) -> Guidance:
    """Return what the reply to ``text`` shall do, and why; ``earlier`` is oldest first."""
    stage = find_stage(appraisal, earlier)
    strategy, why = _choose(text, appraisal, stage, earlier)
    unsure = strategy is Strategy.ASK and why == _UNSURE
    return Guidance(strategy, stage, _tell_reason(appraisal, why), unsure=unsure)


def find_stage(appraisal: Appraisal, earlier: Sequence[Turn]) -> Stage:
    """Return how far the talk about a trouble has come; a new trouble begins anew.

    Counted in turns that hurt, the present one included; one calm turn between them
    does not end a trouble, two do.
    """
    hurting, calm = 0, 0
    for turn in earlier:
        if _hurts(turn.appraisal):
            hurting, calm = hurting + 1, 0
        else:
            calm += 1
            hurting = 0 if calm > 1 else hurting
    if not _hurts(appraisal) and calm:
        return Stage.EXPLORE
    if hurting >= _ACT_FROM:
        return Stage.ACT
    return Stage.COMFORT if hurting >= _COMFORT_FROM else Stage.EXPLORE


def do_fit(shown: Sequence[Exemplar], appraisal: Appraisal, strategy: Strategy) -> bool:
    """Tell whether exemplars still go with how somebody feels and what a reply shall do.

    They are of another kind where they advise or inform and the reply shall not, or the
    reverse, or where none of them is of the direction of what is felt.
    """
    if all((each.strategy in _ANSWERS) != (strategy in _ANSWERS) for each in shown):
        return False
    group = {Sentiment.POSITIVE: POSITIVE, Sentiment.NEGATIVE: NEGATIVE}.get(appraisal.sentiment)
    return group is None or any(each.feeling in group for each in shown)


_UNSURE = "I was not sure how you feel"
_FOR_INTENT = {
    Intent.FAREWELL: (Strategy.SIT, "you were saying goodbye"),
    Intent.ADVICE: (Strategy.SUGGEST, "you asked what to do"),
    Intent.QUESTION: (Strategy.INFORM, "you asked something"),
    Intent.VERDICT: (Strategy.WEIGH, "you asked who is right, and somebody else is part of it"),
}


def _choose(
    text: str, appraisal: Appraisal, stage: Stage, earlier: Sequence[Turn]
) -> tuple[Strategy, str]:
    intent = find_intent(text)
    if intent is Intent.QUESTION and _hurts(appraisal):
        intent = Intent.TELL
    if intent is Intent.VERDICT and appraisal.sentiment is Sentiment.POSITIVE:
        intent = Intent.VERDICT if is_quarrel(text) else Intent.TELL
    if intent in _FOR_INTENT:
        return _FOR_INTENT[intent]
    if appraisal.word:
        return Strategy.REFLECT, f'you said that you are "{appraisal.word}"'
    if _is_unsure(appraisal) and not _asked_lately(earlier):
        return Strategy.ASK, _UNSURE
    return _answer_feeling(text, appraisal, stage, earlier)


def _answer_feeling(
    text: str, appraisal: Appraisal, stage: Stage, earlier: Sequence[Turn]
) -> tuple[Strategy, str]:
    felt = f"you seemed {name_appraisal(appraisal)}"
    if _hurts(appraisal):
        return _console(text, appraisal, stage, earlier), felt
    if appraisal.sentiment is Sentiment.POSITIVE:
        return _rejoice(appraisal), felt
    few = len(text.split()) <= _FEW_WORDS
    return Strategy.ASK, "you said little" if few else "you told something and there is more to it"


def _hurts(appraisal: Appraisal) -> bool:
    return appraisal.sentiment in (Sentiment.NEGATIVE, Sentiment.MIXED) or (
        appraisal.known and appraisal.affect.valence < -0.25
    )


def _is_unsure(appraisal: Appraisal) -> bool:
    clashing = appraisal.sentiment is Sentiment.MIXED and appraisal.confidence < _STRONG
    quiet = appraisal.sentiment is Sentiment.NEUTRAL
    return not appraisal.known or clashing or (appraisal.confidence < _UNSURE_BELOW and not quiet)


def _asked_lately(earlier: Sequence[Turn]) -> bool:
    return any(turn.guidance and turn.guidance.unsure for turn in earlier[-_UNSURE_PAUSE:])


def _console(text: str, appraisal: Appraisal, stage: Stage, earlier: Sequence[Turn]) -> Strategy:
    """Choose for someone who hurts; the same thing is not done twice running."""
    last = earlier[-1].guidance.strategy if earlier and earlier[-1].guidance else None
    if appraisal.labels[:1] == ("grief",) and stage is Stage.EXPLORE and last is None:
        return Strategy.REFLECT
    if len(text.split()) <= _FEW_WORDS and last is Strategy.ASK:
        return Strategy.SIT
    if not _EXPOSED.isdisjoint(appraisal.labels) and last is not Strategy.AFFIRM:
        return Strategy.AFFIRM if earlier else Strategy.REFLECT
    plan = _PLANS[stage.value]
    if stage is Stage.ACT and appraisal.intensity >= _STRONG:
        plan = _PLANS["comfort"]
    return next(strategy for strategy in plan if strategy is not last)


def _rejoice(appraisal: Appraisal) -> Strategy:
    top = appraisal.labels[0]
    if top == "amusement":
        return Strategy.LIGHTEN
    if top in _GLAD or appraisal.intensity >= _STRONG:
        return Strategy.CELEBRATE
    return Strategy.AFFIRM if top in _WARM else Strategy.ASK


def _tell_reason(appraisal: Appraisal, why: str) -> str:
    pieces = (shorten(piece, _QUOTED, placeholder=" …") for piece in appraisal.evidence[:2])
    evidence = [f'"{piece}"' for piece in pieces]
    return f"{why}, because you wrote {' and '.join(evidence)}" if evidence else why
