"""Keeps mixed feelings mixed, and others from looking so."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from companion.domain.mood import NEGATIVE, POSITIVE
from companion.mood.clauses import Clause
from companion.mood.model import Model
from companion.mood.phrases import Sign, is_personal
from companion.mood.plain import Plain

SURE: Final = 1.3
"""How far above its threshold a feeling must be in its half to count."""
_LIKELY: Final = 0.5
"""How near to its threshold the other feeling of a message with a turn must be to count."""
_TURN: Final = re.compile(
    r"\b(?:but|though|although|yet|however|while|still|only|and"
    r"|bittersweet|mixed|weird|at the same time)\b"
)


def has_turn(plain: Plain) -> bool:
    """Whether a message of the writer's own may turn from one feeling to another."""
    return is_personal(plain) and bool(_TURN.search(plain.text))


def mixed_labels(
    emotions: dict[str, float],
    model: Model,
    plain: Plain,
    parts: Sequence[Clause],
    signs: Sequence[Sign],
) -> dict[str, float]:
    """Return the emotions with what each half says, where a "but" parts two feelings."""
    turns = [part.first for part in parts if part.contrast and part.first > 1]
    if not turns or len(plain.words) < 5 or any(sign.name == "sarcasm" for sign in signs):
        return emotions
    halves = [
        model.emotions([word for word in half if word != "."])
        for half in (plain.words[: turns[0]], plain.words[turns[0] + 1 :])
    ]
    best = [strongest(half, model.thresholds) for half in halves]
    if best[0][0] * best[1][0] >= 0 or min(abs(best[0][0]), abs(best[1][0])) < SURE:
        return emotions
    return emotions | {
        label: max(emotions[label], half[label])
        for (_, label), half in zip(best, halves, strict=True)
        if label
    }


def strongest(emotions: Mapping[str, float], thresholds: Mapping[str, float]) -> tuple[float, str]:
    """Return how far the strongest feeling is above its threshold, signed by direction."""
    score, label = 0.0, ""
    for name in sorted((POSITIVE | NEGATIVE) - {"approval", "disapproval"}):
        ratio = emotions[name] / thresholds[name]
        if ratio > abs(score):
            score, label = (ratio if name in POSITIVE else -ratio), name
    return score, label


def one_sided(
    labels: tuple[str, ...],
    emotions: Mapping[str, float],
    thresholds: Mapping[str, float],
    plain: Plain,
    signs: Sequence[Sign],
) -> tuple[str, ...]:
    """Return the labels without the weaker side, unless the message is mixed indeed."""
    up, down = [x for x in labels if x in POSITIVE], [x for x in labels if x in NEGATIVE]
    if not up or not down or not signs or not is_personal(plain):
        return labels
    said = {label for sign in signs for label in sign.labels}
    if said & POSITIVE and said & NEGATIVE:
        return labels
    weaker = up if max(emotions[x] for x in up) < max(emotions[x] for x in down) else down
    sure = any(emotions[label] >= SURE * thresholds[label] for label in weaker)
    if sure or (not said and _TURN.search(plain.text)):
        return labels
    return tuple(label for label in labels if label not in weaker)


def two_sided(
    labels: tuple[str, ...],
    emotions: Mapping[str, float],
    thresholds: Mapping[str, float],
    plain: Plain,
    signs: Sequence[Sign],
) -> tuple[str, ...]:
    """Return the labels with a likely feeling of the other side, where the message has a turn."""
    up, down = not POSITIVE.isdisjoint(labels), not NEGATIVE.isdisjoint(labels)
    mocks = any(sign.name == "sarcasm" for sign in signs)
    if up == down or mocks or not _TURN.search(plain.text):
        return labels
    others = NEGATIVE - {"disapproval"} if up else POSITIVE - {"approval", "desire"}
    nearest = max(sorted(others), key=lambda label: emotions[label] / thresholds[label])
    return (*labels, nearest) if emotions[nearest] >= _LIKELY * thresholds[nearest] else labels
