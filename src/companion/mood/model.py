"""The two networks together: what they make of words, calibrated."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from companion.domain.mood import EMOTIONS, Affect
from companion.mood.network import AFFECT_FILE, FILE, probabilities, together
from companion.words.network import Network

_NOTHING: Final = 0.02


class Seen(NamedTuple):
    """The probability of each emotion, and the core affect."""

    emotions: dict[str, float]
    affect: Affect


class Model:
    """Reads emotions and affect from words."""

    def __init__(self) -> None:
        self.network = Network(FILE)
        # Emotions and affect are read from the same words, one after the other.
        self._read = lru_cache(maxsize=4)(self.network.read)
        self.affect = Network(AFFECT_FILE, self.network)
        thresholds = self.network.calibration[-1].tolist()
        self.thresholds: dict[str, float] = dict(zip(EMOTIONS, thresholds, strict=True))

    def emotions(self, words: Sequence[str]) -> dict[str, float]:
        """Return the probability of each emotion; without words, of none."""
        if not words:
            return dict.fromkeys(EMOTIONS, _NOTHING) | {"neutral": 0.9}
        values = probabilities(self._read(tuple(words)), self.network.calibration)
        return dict(zip(EMOTIONS, values, strict=True))

    def read(self, words: Sequence[str]) -> Seen:
        """Return what words show of emotions and affect."""
        return Seen(self.emotions(words), self.feel(words))

    def feel(self, words: Sequence[str]) -> Affect:
        """Return the core affect of words."""
        if not words:
            return Affect()
        seen = together(self._read(tuple(words)), self.affect.read(words), words)
        values = seen @ self.affect.calibration[:-1] + self.affect.calibration[-1]
        valence, arousal, dominance = (max(-1.0, min(1.0, float(v))) for v in values)
        return Affect(round(valence, 4), round(arousal, 4), round(dominance, 4))
