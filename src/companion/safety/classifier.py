"""A small linear classifier beside the rules: it sees what no rule names.

``classifier.bin`` is a line of JSON (the heads, each with bias, scale and threshold), then
the weights of each head, a signed byte for each bucket, compressed. It is built by
``training/safety/build.py``.
"""

import json
import math
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from companion.domain.errors import ModelError
from companion.domain.safety import Danger
from companion.safety.features import BUCKETS, features
from companion.safety.reading import Reading

LOW: Final = "low"
GRAVE: Final = "grave"
HEADS: Final = (LOW, GRAVE, *(danger.value for danger in Danger if danger is not Danger.NONE))
"""Whether there is anything at all (tier 1), whether it is grave (2), and what it is about."""
FILE: Traversable = files("companion.safety").joinpath("data", "classifier.bin")
_MEND: Final = (
    "The crisis screen goes on with its rules alone: its classifier cannot be read ({reason}). "
    "Install Companion again: pip install --force-reinstall companion"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What the classifier makes of a message; ``words`` are where it sees it most."""

    tier: int
    category: Danger
    words: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class _Head:
    weights: memoryview
    bias: float
    scale: float
    threshold: float

    def score(self, found: Iterable[int], size: int) -> float:
        total = sum(map(self.weights.__getitem__, found))
        return self.bias + self.scale * total / math.sqrt(max(size, 1))


class Classifier:
    """Judges a reading by the sum of its n-grams' weights."""

    def __init__(self, heads: Mapping[str, _Head]) -> None:
        self._heads = heads

    def guess(self, reading: Reading, idioms: tuple[tuple[int, int], ...]) -> Guess:
        """Return tier 0, 1 or 2, never more: what is graver, a rule has to see."""
        found = features(reading, idioms)
        size = len(found)
        low, grave = self._heads[LOW], self._heads[GRAVE]
        tier = 2 if grave.score(found, size) >= grave.threshold else 0
        if not tier and low.score(found, size) >= low.threshold:
            tier = 1
        if not tier:
            return Guess(0, Danger.NONE)
        category = max(HEADS[2:], key=lambda name: self._heads[name].score(found, size))
        head = grave if tier == 2 else low
        return Guess(tier, Danger(category), _strongest(head, found, len(reading.words)))


def _strongest(head: _Head, found: Mapping[int, tuple[int, int]], count: int) -> tuple[int, int]:
    each = [0.0] * count
    for number, (start, end) in found.items():
        for at in range(start, end):
            each[at] += head.weights[number] / (end - start)
    best, span, running, begin = 0.0, (0, min(count, 1)), 0.0, 0
    for at, weight in enumerate(each):
        if running <= 0:
            running, begin = 0.0, at
        running += weight
        if running > best:
            best, span = running, (begin, at + 1)
    return span


@cache
def find_classifier() -> Classifier | None:
    """Return the classifier that was built, or nothing where it cannot be read."""
    try:
        return load_classifier()
    except ModelError:
        return None


def load_classifier() -> Classifier:
    """Read the classifier that was built. Raises ``ModelError`` with what to do."""
    try:
        header, _, packed = FILE.read_bytes().partition(b"\n")
        weights, heads = memoryview(zlib.decompress(packed)).cast("b"), json.loads(header)
        if len(weights) != len(HEADS) * BUCKETS:
            raise ValueError(f"it has {len(weights)} weights")
        return Classifier(
            {
                name: _Head(weights[at * BUCKETS : (at + 1) * BUCKETS], **heads[name])
                for at, name in enumerate(HEADS)
            }
        )
    except (OSError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise ModelError(_MEND.format(reason=error)) from None
