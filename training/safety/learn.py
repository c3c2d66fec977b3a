"""Logistic regression on sparse rows, in a fixed order, so that it comes out the same."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from companion.safety.features import BUCKETS

Row = NDArray[np.int64]
Weights = NDArray[np.float64]
STEPS = 150
RATE = 8.0
MOMENTUM = 0.9
DECAY = 5e-4
FOLDS = 8
SEED = 6


def learn(rows: Sequence[Sequence[Row]], wanted: NDArray[np.bool_]) -> tuple[Weights, float]:
    """Return weights and bias, by steps down the slope of all rows together.

    A message's variations share its weight, and both sides weigh the same.
    """
    flat = [(row, at, 1 / len(each)) for at, each in enumerate(rows) for row in each]
    numbers = np.concatenate([row for row, _, _ in flat])
    places = np.repeat(np.arange(len(flat)), [len(row) for row, _, _ in flat])
    size = np.array([1 / np.sqrt(max(len(row), 1)) for row, _, _ in flat])
    target = np.array([float(wanted[at]) for _, at, _ in flat])
    share = np.array([part for _, _, part in flat])
    for side in (0.0, 1.0):
        share[target == side] /= 2 * max(share[target == side].sum(), 1e-9)
    weights, bias = np.zeros(BUCKETS), 0.0
    speed, bias_speed = np.zeros(BUCKETS), 0.0
    for _ in range(STEPS):
        scores = bias + size * np.bincount(places, weights[numbers], len(flat))
        slope = share * (1 / (1 + np.exp(-np.clip(scores, -30, 30))) - target)
        down = np.bincount(numbers, (slope * size)[places], BUCKETS) + DECAY * weights
        speed = MOMENTUM * speed - RATE * down
        bias_speed = MOMENTUM * bias_speed - slope.sum()
        weights, bias = weights + speed, bias + bias_speed
    return weights, float(bias)


def out_of_fold(rows: Sequence[Sequence[Row]], wanted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return each message's score by weights that were learnt without it."""
    fold = np.random.default_rng(SEED).permutation(len(rows)) % FOLDS
    scores = np.zeros(len(rows))
    for each in range(FOLDS):
        inside = np.flatnonzero(fold != each)
        weights, bias = learn([rows[at] for at in inside], wanted[inside])
        for at in np.flatnonzero(fold == each):
            row = rows[at][0]
            scores[at] = bias + weights[row].sum() / np.sqrt(max(len(row), 1))
    return scores
