"""The user's own words for how they feel: "a bit low", "not sad, just tired"."""

import re
from functools import cache
from typing import Final

from companion.domain.mood import EMOTIONS, Affect, Appraisal
from companion.mood.faces import face_signs
from companion.mood.lexicon import Feeling, feelings, word_list
from companion.mood.plain import plain
from companion.mood.selfreport import NOT
from companion.mood.spelling import Speller
from companion.mood.wording import ADJECTIVES
from companion.mood.words import readable, tokens

LONGEST: Final = 60
_STRONGER: Final = word_list("own_words_stronger")
_WEAKER: Final = word_list("own_words_weaker")


def appraise_words(words: str, speller: Speller) -> Appraisal:
    """Return what somebody's own words for their mood mean, or emoji in place of words."""
    kept = " ".join(re.sub(r"[\ud800-\udfff\x00-\x1f\x7f]", " ", words[:400]).split())[
        :LONGEST
    ].strip()
    found = tokens(readable(kept))
    flat = plain(found, speller.mend).words
    said, denied = _found(flat)
    if not said and not denied:
        said = [Feeling(sign.labels, _usual(sign.labels[0])) for sign in face_signs(found)]
        kept = ADJECTIVES[said[0].labels[0]] if said and not flat else kept
    scale = 1.25 if not _STRONGER.isdisjoint(flat) else 1.0
    scale *= 0.65 if not _WEAKER.isdisjoint(flat) else 1.0
    if said:
        return _appraisal(kept, said, scale)
    if denied:
        return _appraisal(kept, [_opposite(denied[0])], scale)
    return Appraisal(dict.fromkeys(EMOTIONS, 0.0), (), Affect(), 0.0, 0.0, (), False, kept)


@cache
def _usual(label: str) -> Affect:
    """Return what an emotion feels like: the mean of the words that mean it."""
    alike = [each for each in feelings().values() if label in each.labels]
    return Affect(*(_mean(alike, name, 1.0) for name in ("valence", "arousal", "dominance")))


def _found(flat: tuple[str, ...]) -> tuple[list[Feeling], list[Feeling]]:
    known = feelings()
    said: list[Feeling] = []
    denied: list[Feeling] = []
    at, negated = 0, False
    while at < len(flat):
        length = next((n for n in (5, 4, 3, 2, 1) if " ".join(flat[at : at + n]) in known), 0)
        if length:
            (denied if negated else said).append(known[" ".join(flat[at : at + length])])
        elif flat[at] in NOT:
            negated = True
        elif flat[at] in ("but", "just", "only", ".", "rather", "more"):
            negated = False
        at += length or 1
    return said, denied


def _opposite(denied: Feeling) -> Feeling:
    turned = denied.affect
    good = turned.valence > 0
    affect = Affect(-0.5 * turned.valence, -0.3 * turned.arousal, -0.3 * turned.dominance)
    return Feeling(("sadness",) if good else ("approval",), affect)


def _appraisal(kept: str, said: list[Feeling], scale: float) -> Appraisal:
    labels = tuple(dict.fromkeys(label for feeling in said for label in feeling.labels))
    emotions = dict.fromkeys(EMOTIONS, 0.0) | {
        label: 1.0 if at == 0 else 0.7 for at, label in enumerate(labels)
    }
    affect = Affect(*(_mean(said, name, scale) for name in ("valence", "arousal", "dominance")))
    strength = 0.35 + 0.4 * abs(affect.valence) + 0.25 * abs(affect.arousal)
    if labels == ("neutral",):
        strength = 0.3
    return Appraisal(
        emotions, labels, affect, round(min(1.0, strength * scale), 3), 1.0, (kept,), True, kept
    )


def _mean(said: list[Feeling], name: str, scale: float) -> float:
    value = sum(float(getattr(feeling.affect, name)) for feeling in said) / len(said) * scale
    return round(max(-1.0, min(1.0, value)), 3)
