"""What the networks of mood say: how likely each emotion is, and what affect is read from."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from companion.words.network import Reading

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FILE: Final = Path(__file__).with_name("data") / "emotions.npz"
AFFECT_FILE: Final = Path(__file__).with_name("data") / "affect.npz"
"""Valence, arousal and dominance: derived from EmoBank, under the licence beside it."""


def probabilities(reading: Reading, calibration: "Floats") -> list[float]:
    """Return how likely each emotion is.

    The outputs are two judgements, that of comments and that of messages, and how much the
    text is a comment; the first rows of ``calibration`` are slope and shift of each judgement.
    """
    many = calibration.shape[1]
    comment, message = (
        _sigmoid(reading.logits[many * at : many * (at + 1)] * slope + shift)
        for at, (slope, shift) in enumerate((calibration[:2], calibration[2:4]))
    )
    share = _sigmoid(reading.logits[2 * many])
    values: list[float] = (share * comment + (1 - share) * message).tolist()
    return values


def _sigmoid(values: "Floats") -> "Floats":
    out: Floats = (1 / (1 + np.exp(-values))).astype(np.float32)
    return out


def together(seen: Reading, felt: Reading, words: Sequence[str]) -> "Floats":
    """Return all that was seen of emotions, the shape of the text, and the affect by itself."""
    return np.concatenate([seen.pooled, seen.state, seen.logits, shape_of(words), felt.logits])


def shape_of(words: Sequence[str]) -> "Floats":
    """Return the length of a text, its marks and the mean length of its words, as numbers."""
    loud = words.count("!") + words.count("!!")
    mean = sum(map(len, words)) / max(len(words), 1)
    return np.array([np.log1p(len(words)), loud, words.count("?"), mean], dtype=np.float32)
