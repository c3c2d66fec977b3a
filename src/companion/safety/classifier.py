"""A small network beside the rules: it sees what no rule names.

``classifier.npz`` is built by ``training/safety/build.py``.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from companion.domain.errors import ModelError
from companion.domain.safety import Danger
from companion.safety.reading import Reading

if TYPE_CHECKING:
    from companion.words.network import Network

LOW: Final = "low"
GRAVE: Final = "grave"
HEADS: Final = (LOW, GRAVE, *(danger.value for danger in Danger if danger is not Danger.NONE))
"""Whether there is anything at all (tier 1), whether it is grave (2), and what it is about."""
FILE: Final = Path(__file__).with_name("data") / "classifier.npz"
IDIOM: Final = "_idiom_"
"""Stands for the words of an idiom: they would say what is not meant."""
WINDOW: Final = 48
"""So many words are read at once: danger that is spoken of in passing must not be drowned."""
_MEND: Final = (
    "The crisis screen goes on with its rules alone: its classifier cannot be read ({reason}). "
    "Install Companion again: pip install --force-reinstall companion"
)


class Guess(NamedTuple):
    """What the classifier makes of a message; ``words`` are where it sees it most."""

    tier: int
    category: Danger
    words: tuple[int, int] = (0, 0)


class Classifier:
    """Judges a reading window by window. ``thresholds`` are those of ``HEADS``, in logits."""

    def __init__(self, network: "Network", thresholds: Sequence[float]) -> None:
        self._network = network
        self._low, self._grave = thresholds[:2]

    def guess(self, reading: Reading, idioms: tuple[tuple[int, int], ...]) -> Guess:
        """Return tier 0, 1 or 2, never more: what is graver, a rule has to see."""
        words = mask(reading.words, idioms)
        judged = [(self._network.read(each).logits, at, each) for at, each in _windows(words)]
        logits, start, window = max(judged, key=lambda each: float(each[0][1] - self._grave))
        tier = 2 if logits[1] >= self._grave else 0
        if not tier:
            logits, start, window = max(judged, key=lambda each: float(each[0][0] - self._low))
            tier = 1 if logits[0] >= self._low else 0
        if not tier:
            return Guess(0, Danger.NONE)
        category = max(range(2, len(HEADS)), key=lambda at: float(logits[at]))
        first, end = _strongest(self._network.trace(window, tier - 1))
        return Guess(tier, Danger(HEADS[category]), (start + first, start + end))


def mask(words: Sequence[str], idioms: Sequence[tuple[int, int]]) -> list[str]:
    """Return the words as the network reads them, idioms left out."""
    masked = list(words)
    for start, end in idioms:
        masked[start:end] = [IDIOM] * (end - start)
    return masked


def _windows(words: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield overlapping windows of even length, with where each begins."""
    steps = max(1, math.ceil(len(words) / WINDOW * 2) - 1)
    for step in range(steps):
        start = step * WINDOW // 2
        yield start, list(words[start : start + WINDOW])


def _strongest(shares: Sequence[float]) -> tuple[int, int]:
    """Return the run of words whose shares add up to most."""
    best, span, running, begin = 0.0, (0, min(len(shares), 1)), 0.0, 0
    for at, share in enumerate(shares):
        if running <= 0:
            running, begin = 0.0, at
        running += share
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
        from companion.words.network import Network

        network = Network(FILE)
        thresholds = network.calibration[0].tolist()
        if len(thresholds) != len(HEADS) or len(network.read(["so"]).logits) != len(HEADS):
            raise ValueError(f"it has {len(thresholds)} heads")
        return Classifier(network, thresholds)
    except Exception as error:  # noqa: BLE001 - a damaged file fails in any way it likes
        reason = str(error) or type(error).__name__
        raise ModelError(_MEND.format(reason=reason)) from None
