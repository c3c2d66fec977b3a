"""Fits the last step of affect: a ridge regression over what both networks saw."""

import numpy as np

from companion.mood.network import Network, together


def seen_by(networks: list[Network], rows: list[list[str]]) -> np.ndarray:
    """Return for each row of words everything that the networks make of it."""
    return np.stack([together([one.read(row) for one in networks], row) for row in rows])


def ridge(seen: np.ndarray, wanted: np.ndarray, pull: float) -> np.ndarray:
    """Return the weights, with the constant in their last row."""
    middle, spread = seen.mean(0), seen.std(0) + 1e-3
    scaled = ((seen - middle) / spread).astype(np.float64)
    square = scaled.T @ scaled + pull * np.eye(scaled.shape[1])
    weights = np.linalg.solve(square, scaled.T @ (wanted - wanted.mean(0))) / spread[:, None]
    return np.vstack([weights, wanted.mean(0) - middle @ weights]).astype(np.float32)
