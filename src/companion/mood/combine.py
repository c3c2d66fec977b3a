"""Joins what the network saw with the signs that rules found."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Final

from companion.domain.mood import NEGATIVE, POSITIVE
from companion.mood.phrases import Sign

FIRST, SECOND = 0.88, 0.6
"""How likely the first label of a sign is, and the others."""
RULED_OUT: Final = 0.12
IDLE: Final = 0.12
"""A face at a longer message counts if the network thinks its emotion this likely."""
PLAIN: Final = frozenset(
    (
        "death",
        "death wish",
        "loss",
        "missing someone",
        "own word",
        "fear",
        "resigned",
        "bad news of health",
    )
)
_FIRM: Final = frozenset(
    (
        *("sarcasm", "own word denied", "not all is well", "bittersweet", "nothing to fear"),
        *("cannot complain", "do not hate", "never better", "i am well now", "thanks", "lol"),
        *("lost joy", "death wish"),
    )
)
"""Signs for what the network is known to misread; the others yield where it is sure."""
_VAGUE: Final = frozenset(
    ("approval", "caring", "desire", "disapproval", "disappointment", "amusement")
)
SURE: Final = 1.2
"""How far above its threshold a feeling of the other side must be, for a sign to yield."""
FAINT: Final = 0.3
"""How likely one of the feelings of a side must be for the nearest of them to count."""
_OVER_NEUTRAL, _APART = 1.5, 1.3
"""How much likelier than no feeling, and than the other side, they must be then."""
GROUPS: Final[dict[str, frozenset[str]]] = {
    "positive": POSITIVE,
    "negative": NEGATIVE,
    "warm": POSITIVE - {"approval", "relief", "optimism"},
    "all": POSITIVE | NEGATIVE,
}


def heeded(
    signs: Sequence[Sign], emotions: Mapping[str, float], thresholds: Mapping[str, float]
) -> list[Sign]:
    """Return the signs without those that a sure network contradicts."""
    up, down = (
        max(emotions[label] / thresholds[label] for label in side - _VAGUE)
        for side in (POSITIVE, NEGATIVE)
    )
    said = {label for sign in signs for label in sign.labels[:1]}
    if max(up, down) < SURE or (said & POSITIVE and said & NEGATIVE):
        return list(signs)
    other = NEGATIVE if up > down else POSITIVE
    return [sign for sign in signs if sign.name in _FIRM or other.isdisjoint(sign.labels[:1])]


def with_signs(
    emotions: Mapping[str, float],
    signs: Sequence[Sign],
    thresholds: Mapping[str, float],
    words: int,
) -> dict[str, float]:
    """Return the probabilities, changed by what the signs say and rule out.

    A sign gives the direction. Where the network goes the same way, it names the emotion;
    only signs that are ``PLAIN`` name it themselves.
    """
    changed = dict(emotions)
    said = {label for sign in signs for label in sign.labels}
    for label in ruled_out(signs) - said:
        changed[label] *= RULED_OUT
    seen = {label for label, value in changed.items() if value >= thresholds[label]}
    for sign in signs:
        if sign.labels and not _agrees(sign, seen) and not _is_idle(sign, changed, signs, words):
            changed[sign.labels[0]] = max(changed[sign.labels[0]], FIRST)
            for label in sign.labels[1:]:
                changed[label] = min(max(changed[label], SECOND), 2 * changed[label])
    if said - {"neutral"}:
        changed["neutral"] *= 0.3
    return changed


def _is_idle(sign: Sign, emotions: Mapping[str, float], signs: Sequence[Sign], words: int) -> bool:
    if sign.name not in ("face", "thanks") or words <= 7:
        return False
    return emotions[sign.labels[0]] < IDLE


def _agrees(sign: Sign, seen: set[str]) -> bool:
    if not seen.isdisjoint(sign.labels):
        return True
    if sign.name in PLAIN:
        return False
    side = next((group for group in (POSITIVE, NEGATIVE) if sign.labels[0] in group), None)
    return side is not None and not seen.isdisjoint(side)


def ruled_out(signs: Sequence[Sign]) -> set[str]:
    """Return the emotions that signs rule out, where no other sign speaks for that side."""
    out: set[str] = set()
    for sign in signs:
        group = GROUPS.get(sign.against)
        labels = group if group is not None else frozenset(sign.against.split())
        if not (group and _speaks(group, sign, signs)):
            out |= labels
    return out


def _speaks(group: frozenset[str], against: Sign, signs: Sequence[Sign]) -> bool:
    return any(sign is not against and sign.labels and sign.labels[0] in group for sign in signs)


def settled(signs: Sequence[Sign]) -> list[Sign]:
    """Return the signs without those that stand inside of one that contradicts them."""
    return [sign for sign in signs if not any(_denies(other, sign) for other in signs)]


def _denies(strong: Sign, weak: Sign) -> bool:
    if strong is weak or weak.name == "sarcasm" or not weak.labels or not strong.against:
        return False
    group = GROUPS.get(strong.against, frozenset(strong.against.split()))
    if weak.labels[0] not in group:
        return False
    if strong.name == "sarcasm" or weak.name == "lol":
        return True
    overlap = strong.start < weak.end and weak.start < strong.end
    inside = strong.end - strong.start >= weak.end - weak.start
    return overlap and inside


def chosen(emotions: Mapping[str, float], thresholds: Mapping[str, float]) -> tuple[str, ...]:
    """Return the labels above their thresholds, strongest first; if there is none, neutral.

    Where several feelings of one side are each too faint to count, but together likelier than
    none at all, the one nearest to its threshold counts.
    """
    above = [label for label, value in emotions.items() if value >= thresholds[label]]
    if not set(above) - {"neutral", "approval"}:
        above = _faint(emotions, thresholds) or above
    return tuple(sorted(above, key=lambda label: -emotions[label])) or ("neutral",)


def _faint(emotions: Mapping[str, float], thresholds: Mapping[str, float]) -> list[str]:
    sides = (POSITIVE - {"approval"}, NEGATIVE)
    up, down = (1 - prod(1 - emotions[label] for label in side) for side in sides)
    if max(up, down) < max(FAINT, _OVER_NEUTRAL * emotions["neutral"], _APART * min(up, down)):
        return []
    side = sides[0] if up > down else sides[1]
    return [max(sorted(side), key=lambda label: emotions[label] / thresholds[label])]
