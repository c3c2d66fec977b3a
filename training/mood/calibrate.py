"""Fits, on the development split, how sure the student is and when a label counts."""

import numpy as np


def platt(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return a slope and a shift for each label, drawn towards 1 and 0."""
    found = np.stack([_one(logits[:, k], targets[:, k]) for k in range(logits.shape[1])])
    return found.T


def _one(logits: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    slope_shift = np.array([1.0, 0.0])
    features = np.stack([logits, np.ones_like(logits)], axis=1).astype(np.float64)
    for _ in range(25):
        value = 1 / (1 + np.exp(-features @ slope_shift))
        pull = np.array([3.0, 1.0]) * (slope_shift - [1.0, 0.0])
        gradient = features.T @ (value - wanted) + pull
        curve = (features * (value * (1 - value))[:, None]).T @ features + np.diag([3.0, 1.0])
        slope_shift = slope_shift - np.linalg.solve(curve, gradient)
    return slope_shift


def thresholds(values: np.ndarray, targets: np.ndarray, trust: float = 200) -> np.ndarray:
    """Return for each label the threshold of the best F1.

    What was counted weighs against what the probabilities themselves promise as the number
    of examples against ``trust``, so that a lucky threshold of a rare label does not win.
    """
    return np.array([_threshold(values[:, k], targets[:, k] > 0, trust) for k in range(28)])


def _threshold(values: np.ndarray, wanted: np.ndarray, trust: float) -> float:
    grid = np.arange(0.06, 0.71, 0.01)
    seen, given = wanted.sum(), np.array([(values >= at).sum() for at in grid])
    weight = seen / (seen + trust)
    right = np.array([(wanted & (values >= at)).sum() for at in grid])
    promised = np.array([values[values >= at].sum() for at in grid])
    both = weight * right + (1 - weight) * promised
    whole = given + weight * seen + (1 - weight) * values.sum()
    return float(grid[int((2 * both / whole).argmax())])


def f1(given: np.ndarray, wanted: np.ndarray) -> float:
    """Return the F1 of one label."""
    both = float((given & wanted).sum())
    return 2 * both / max(float(given.sum() + wanted.sum()), 1.0)


def macro_f1(given: np.ndarray, wanted: np.ndarray) -> float:
    """Return the mean F1 over labels."""
    return float(np.mean([f1(given[:, k], wanted[:, k]) for k in range(given.shape[1])]))
