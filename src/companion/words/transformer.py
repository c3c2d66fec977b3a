"""A small BERT (Devlin et al. 2019) that reads one text at a time: NumPy alone.

Its last layer answers for the whole text: it is asked for two states only, the mean of all and
the first.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from companion.words.network import unpacked
from companion.words.wordpiece import WordPieces

if TYPE_CHECKING:
    from companion.words.network import Floats

LONGEST: Final = 64
"""How many pieces are read at once."""
HEADS: Final = 12
_SMALL: Final = 1e-12
_PARTS: Final = ("mixed", "joined", "widen", "narrow")


class Transformer:
    """Embeddings of word pieces, some layers, and a head on the two states of the last.

    The weights are bytes with a scale for each column; the embeddings are numbers of four bits
    with a scale for each group of them, and stay packed until they are read.
    """

    def __init__(self, file: Path) -> None:
        with file.open("rb") as raw, np.load(raw) as kept:
            listed = kept["pieces"].tobytes().decode("utf-8").split("\n")
            self.words = WordPieces(listed)
            self.vectors, self.vector_scales = kept["vectors"], kept["vector_scales"]
            self.places = kept["places"].astype(np.float32)
            self.norm = kept["norm"].astype(np.float32)
            many = sum(name.startswith("norms") for name in kept)
            self.layers = [_Layer(kept, number) for number in range(many)]
            self.head = kept["head"].astype(np.float32)
            self.head_bias = kept["head_bias"].astype(np.float32)

    def read(self, words: Sequence[str]) -> "Floats":
        """Return the outputs for words, in logits."""
        numbers = self.words.read(words, LONGEST)
        states = _even(self._look_up(numbers) + self.places[: len(numbers)], self.norm)
        for layer in self.layers[:-1]:
            states = layer.follow(states, states)
        both = np.stack([states.mean(axis=0), states[0]])
        seen = self.layers[-1].follow(both, states)
        out: Floats = seen.ravel() @ self.head + self.head_bias
        return out

    def _look_up(self, numbers: Sequence[int]) -> "Floats":
        groups = self.vectors[numbers].reshape(-1, self.vectors.shape[2])
        vectors = unpacked(groups, self.vector_scales[numbers].reshape(-1))
        return vectors.reshape(len(numbers), -1)


class _Layer:
    """Attention, then a feed-forward net, each followed by a norm."""

    def __init__(self, kept: Any, number: int) -> None:
        self._weights = {name: kept[f"{name}{number}"] for name in _PARTS}
        self._scales, self._biases = (
            {name: kept[f"{name}{number}_{what}"].astype(np.float32) for name in _PARTS}
            for what in ("scales", "bias")
        )
        self._norms = kept[f"norms{number}"].astype(np.float32)

    def follow(self, asking: "Floats", states: "Floats") -> "Floats":
        """Let those that ask see all states, and return what comes of each."""
        width = states.shape[1]
        asked = self._apply("mixed", asking, slice(width)).reshape(len(asking), HEADS, -1)
        both = self._apply("mixed", states, slice(width, None)).reshape(len(states), 2, HEADS, -1)
        asked, (offered, held) = asked.swapaxes(0, 1), both.transpose(1, 2, 0, 3)
        fit = asked @ offered.swapaxes(1, 2) * np.float32((width // HEADS) ** -0.5)
        fit = np.exp(fit - fit.max(axis=2, keepdims=True))
        seen = fit @ held / fit.sum(axis=2, keepdims=True)
        joined = self._apply("joined", seen.swapaxes(0, 1).reshape(asking.shape))
        asking = _even(asking + joined, self._norms[0])
        wide = _gelu(self._apply("widen", asking))
        return _even(asking + self._apply("narrow", wide), self._norms[1])

    def _apply(self, name: str, states: "Floats", of: slice = slice(None)) -> "Floats":
        # Bytes are made floats each time: to fetch four times as many would take longer.
        weights = self._weights[name][:, of].astype(np.float32)
        if len(states) > 2:
            seen = states @ weights
        else:
            # A product of few rows would copy all weights first.
            seen = np.stack([state @ weights for state in states])
        out: Floats = seen * self._scales[name][of] + self._biases[name][of]
        return out


def _even(states: "Floats", norm: "Floats") -> "Floats":
    """Return states of mean 0 and variance 1, times ``norm[0]``, plus ``norm[1]``."""
    apart = states - states.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.square(apart).mean(axis=1, keepdims=True) + np.float32(_SMALL))
    out: Floats = apart / spread * norm[0] + norm[1]
    return out


def _gelu(x: "Floats") -> "Floats":
    """Return x times the part of a normal distribution below it (Hendrycks and Gimpel 2016)."""
    cube = x * x * x
    inner = np.tanh(np.float32(0.7978845608) * (x + np.float32(0.044715) * cube))
    out: Floats = np.float32(0.5) * x * (1 + inner)
    return out
