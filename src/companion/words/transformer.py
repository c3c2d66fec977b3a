"""A small BERT (Devlin et al. 2019) that reads one text at a time: NumPy alone."""

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


class Transformer:
    """Embeddings of word pieces, some layers, and a head on the mean and the first state.

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
        for layer in self.layers:
            states = layer.follow(states)
        seen = np.concatenate([states.mean(axis=0), states[0]])
        out: Floats = seen @ self.head + self.head_bias
        return out

    def _look_up(self, numbers: Sequence[int]) -> "Floats":
        groups = self.vectors[numbers].reshape(-1, self.vectors.shape[2])
        vectors = unpacked(groups, self.vector_scales[numbers].reshape(-1))
        return vectors.reshape(len(numbers), -1)


class _Layer:
    """Attention, then a feed-forward net, each followed by a norm."""

    def __init__(self, kept: Any, number: int) -> None:
        self._weights = {
            name: kept[f"{name}{number}"].astype(np.float32)
            * kept[f"{name}{number}_scales"].astype(np.float32)
            for name in ("mixed", "joined", "widen", "narrow")
        }
        self._biases = {
            name: kept[f"{name}{number}_bias"].astype(np.float32) for name in self._weights
        }
        self._norms = kept[f"norms{number}"].astype(np.float32)

    def follow(self, states: "Floats") -> "Floats":
        """Let every piece see the others, and return what comes of each."""
        long, width = states.shape
        parts = self._apply("mixed", states).reshape(long, 3, HEADS, -1).transpose(1, 2, 0, 3)
        asked, offered, held = parts
        fit = asked @ offered.transpose(0, 2, 1) * np.float32((width // HEADS) ** -0.5)
        fit = np.exp(fit - fit.max(axis=2, keepdims=True))
        seen = fit / fit.sum(axis=2, keepdims=True) @ held
        joined = self._apply("joined", seen.transpose(1, 0, 2).reshape(long, width))
        states = _even(states + joined, self._norms[0])
        wide = _gelu(self._apply("widen", states))
        return _even(states + self._apply("narrow", wide), self._norms[1])

    def _apply(self, name: str, states: "Floats") -> "Floats":
        out: Floats = states @ self._weights[name] + self._biases[name]
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
