"""A small network that reads words: NumPy alone, one message at a time."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

import numpy as np

from companion.words.stretched import unstretched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LONGEST: Final = 100
"""How many words are read at once; the middle of a longer message is passed over."""
SAID: Final = "<said>"
"""Stands between what was asked and what is said, where both are read together."""


class Reading(NamedTuple):
    """What the network saw: its outputs, and the layers they were read from."""

    logits: "Floats"
    state: "Floats"
    pooled: "Floats"


class _Seen(NamedTuple):
    """What each layer makes of words: theirs first, then that of the whole."""

    grid: "Floats"
    filters: "Floats"
    pooled: "Floats"
    state: "Floats"


class Network:
    """Word vectors, one convolution, pooling and two dense layers.

    A network may stand on another: it reads that one's vectors beside its own, and its first
    words are that one's first words.
    """

    def __init__(self, file: Path, under: "Network | None" = None) -> None:
        self.under = under
        with file.open("rb") as raw, np.load(raw) as kept:
            self.rows = _rows(kept["words"], under, len(kept["vectors"]))
            self.calibration = kept["calibration"].astype(np.float32)
            self.vectors = unpacked(kept["vectors"], kept["vector_scales"])
            self.pieces = unpacked(kept["pieces"], kept["piece_scales"])
            self.shift = kept["shift"].astype(np.float32)
            self.layers = {
                name: kept[name].astype(np.float32) * kept[f"{name}_scales"].astype(np.float32)
                for name in ("conv", "dense", "out")
            }
            self.bias = {
                name: kept[f"{name}_bias"].astype(np.float32) for name in ("conv", "dense", "out")
            }
        self.width: int = self.vectors.shape[1] + (under.width if under else 0)
        self.row_of = lru_cache(maxsize=8192)(self._row_of)

    def knows(self, word: str) -> bool:
        """Whether the word has a vector of its own."""
        return word in self.rows

    def _row_of(self, word: str) -> int:
        for spelling in (word, *unstretched(word), word.replace("'", "")):
            row = self.rows.get(spelling)
            if row is not None:
                return row
        return -1

    def look_up(self, words: Sequence[str]) -> "Floats":
        """Return a row for each word: its vector, after that of the network below if any."""
        places = [self.row_of(word) for word in words]
        own = self.vectors[places]
        for at, place in enumerate(places):
            if place < 0:
                own[at] = self.pieces[list(pieces(words[at], len(self.pieces)))].mean(axis=0)
        return np.hstack([self.under.look_up(words), own]) if self.under else own

    def read(self, words: Sequence[str]) -> Reading:
        """Return what the words say; no words say nothing. Those before ``SAID`` were asked."""
        seen = self._see(words)
        logits = seen.state @ self.layers["out"] + self.bias["out"]
        return Reading(logits, seen.state, seen.pooled)

    def trace(self, words: Sequence[str], output: int) -> list[float]:
        """Return how much each word, with those beside it, speaks for an output.

        The network between its kinks is linear: the parts add up to the output, but for what
        no word has to do with. Of more than ``LONGEST`` words only so many are told of.
        """
        seen = self._see(words)
        slope = self.layers["dense"] @ ((seen.state > 0) * self.layers["out"][:, output])
        many = seen.filters.shape[1]
        shares = (seen.filters @ slope[many : 2 * many] + seen.grid @ slope[2 * many :]) / len(
            seen.grid
        )
        np.add.at(shares, seen.filters.argmax(axis=0), slope[:many] * seen.filters.max(axis=0))
        found: list[float] = shares.tolist()
        return found

    def _see(self, words: Sequence[str]) -> "_Seen":
        if len(words) > LONGEST:
            words = [*words[: LONGEST // 2], *words[-LONGEST // 2 :]]
        grid = np.zeros((max(len(words), 1) + 2, self.width), dtype=np.float32)
        if words:
            grid[1 : len(words) + 1] = self.look_up(words)
        if SAID in words:
            grid[1 : words.index(SAID) + 1] += self.shift
        windows = np.concatenate([grid[:-2], grid[1:-1], grid[2:]], axis=1)
        filters = np.maximum(windows @ self.layers["conv"] + self.bias["conv"], 0)
        own = grid[1:-1]
        pooled = np.concatenate([filters.max(axis=0), filters.mean(axis=0), own.mean(axis=0)])
        state = np.maximum(pooled @ self.layers["dense"] + self.bias["dense"], 0)
        return _Seen(own, filters, pooled, state)


def _rows(words: "NDArray[np.uint8]", under: Network | None, many: int) -> dict[str, int]:
    listed = words.tobytes().decode("utf-8").split("\n")
    if under:
        listed = [*islice(under.rows, many - len(listed)), *listed]
    return {word: row for row, word in enumerate(listed)}


def unpacked(packed: "NDArray[np.uint8]", scales: "NDArray[np.float16]") -> "Floats":
    """Return rows of floats from rows of four-bit numbers, two in a byte."""
    low, high = packed & 15, packed >> 4
    whole = np.stack([low, high], axis=2).reshape(len(packed), -1).astype(np.float32)
    whole -= 8
    whole *= scales.astype(np.float32)[:, None]
    return whole


@lru_cache(maxsize=4096)
def pieces(word: str, buckets: int) -> tuple[int, ...]:
    """Return the rows of the pieces of a word: its runs of three, four and five letters."""
    return tuple(
        crc32(piece.encode("utf-8", "replace")) % buckets for piece in runs(f"<{word[:24]}>")
    )


def runs(word: str) -> Iterable[str]:
    """Yield the runs of three to five letters, or the word if it is shorter."""
    if len(word) < 3:
        yield word
    for size in (3, 4, 5):
        for start in range(len(word) - size + 1):
            yield word[start : start + size]
