"""Fits the last step of affect: what the student says, and a ridge over what the emotions saw."""

import numpy as np

from companion.mood.network import together
from companion.words.network import Network

PULL = 1500.0
"""How strongly the ridge is drawn to zero; the best of a few in cross-validation on train."""
SHARE = 0.5
"""How much the ridge counts beside the student, both brought to the same spread."""


def seen_by(emotions: Network, affect: Network, rows: list[list[str]]) -> np.ndarray:
    """Return for each row of words what the networks make of it; affect in the last three."""
    return np.stack([together(emotions.read(row), affect.read(row), row) for row in rows])


def ridge(seen: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the weights of a ridge regression, without its constant."""
    middle, spread = seen.mean(0), seen.std(0) + 1e-3
    scaled = ((seen - middle) / spread).astype(np.float64)
    square = scaled.T @ scaled + PULL * np.eye(scaled.shape[1])
    return np.linalg.solve(square, scaled.T @ (wanted - wanted.mean(0))) / spread[:, None]


def last_step(
    seen: np.ndarray, wanted: np.ndarray, dev: np.ndarray, targets: np.ndarray
) -> np.ndarray:
    """Return the weights of both together, with the constant in their last row.

    The student fits its own training texts too well to be weighed there, so the two are weighed
    by ``SHARE``; only spread, slope and shift are taken from the development split.
    """
    outer = ridge(seen[:, :-3], wanted)
    weights = np.vstack(
        [SHARE * outer / (dev[:, :-3] @ outer).std(0), np.diag(1 / dev[:, -3:].std(0))]
    )
    given = dev @ weights
    lines = [np.polyfit(given[:, k], targets[:, k], 1) for k in range(3)]
    slopes, shifts = np.array(lines).T
    return np.vstack([weights * slopes, shifts]).astype(np.float32)


def correlations(given: np.ndarray, targets: np.ndarray) -> list[float]:
    """Return Pearson's r of valence, arousal and dominance."""
    return [round(float(np.corrcoef(given[:, k], targets[:, k])[0, 1]), 4) for k in range(3)]
