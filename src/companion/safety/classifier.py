"""Two readers beside the rules: they see what no rule names.

A small network reads every message; where it is in doubt, a small transformer reads it, too.
``classifier.npz`` is built by ``training/safety/build.py``, ``second.npz`` by
``training/safety/second.py``.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from companion.domain.errors import ModelError
from companion.domain.safety import Danger
from companion.safety.reading import Reading

if TYPE_CHECKING:
    from companion.words.network import Floats, Network
    from companion.words.transformer import Transformer

LOW: Final = "low"
GRAVE: Final = "grave"
HEADS: Final = (LOW, GRAVE, *(danger.value for danger in Danger if danger is not Danger.NONE))
"""Whether there is anything at all (tier 1), whether it is grave (2), and what it is about."""
FILE: Final = Path(__file__).with_name("data") / "classifier.npz"
SECOND_FILE: Final = FILE.with_name("second.npz")
IDIOM: Final = "_idiom_"
"""Stands for the words of an idiom: they would say what is not meant."""
_UNSURE: Final = -2.0
_SURE: Final = 5.0
"""From where on the first reader is in doubt, and from where on both together see danger, in
logits: by counts on a tenth of the messages, on the locked set, on the 200 farewells, on this
project's exchanges and on the talk of others (GoEmotions, LoCoMo)."""
_MOST_ASKED: Final = 2
"""Of so many windows, the gravest ones."""
_OF_FIRST: Final = 0.5
"""How much the first reader counts beside the second: alone, each takes other things for grave."""
WINDOW: Final = 32
"""So many words are read at once: danger that is spoken of in passing must not be drowned."""
_MEND: Final = (
    "The crisis screen goes on with its rules and sees less: a reader beside them cannot be read "
    "({reason}). "
    "Install Companion again: pip install --force-reinstall companion"
)


class Guess(NamedTuple):
    """What the classifier makes of a message; ``words`` are where it sees it most."""

    tier: int
    category: Danger
    words: tuple[int, int] = (0, 0)


class _Seen(NamedTuple):
    """What a reader makes of some words, in logits, and where they begin."""

    logits: "Floats"
    start: int
    words: list[str]


class Classifier:
    """Judges a reading window by window; without a second reader, the network alone does."""

    def __init__(self, network: "Network", second: "Transformer | None") -> None:
        self._network = network
        self._second = second
        self._low, self._grave = network.calibration[0].tolist()[:2]

    def guess(self, reading: Reading, idioms: tuple[tuple[int, int], ...]) -> Guess:
        """Return tier 0, 1 or 2, never more: what is graver, a rule has to see."""
        words = mask(reading.words, idioms)
        judged = [_Seen(self._network.read(each).logits, at, each) for at, each in _windows(words)]
        grave = self._find_grave(judged)
        if grave:
            return self._tell(2, grave)
        low = max(judged, key=lambda seen: float(seen.logits[0]))
        return self._tell(1, low) if low.logits[0] >= self._low else Guess(0, Danger.NONE)

    def _find_grave(self, judged: Sequence[_Seen]) -> _Seen | None:
        """Return the window that is gravest, if it is grave: for the second reader, if any."""
        if self._second is None:
            first = max(judged, key=_gravity)
            return first if _gravity(first) >= self._grave else None
        doubtful = [seen for seen in judged if _doubt(seen) >= _UNSURE]
        doubtful = sorted(doubtful, key=_gravity, reverse=True)[:_MOST_ASKED]
        asked = [_ask(self._second, seen) for seen in doubtful]
        best = max(asked, key=_gravity, default=None)
        return best if best and _gravity(best) >= _SURE else None

    def _tell(self, tier: int, seen: _Seen) -> Guess:
        category = max(range(2, len(HEADS)), key=lambda at: float(seen.logits[at]))
        first, end = _strongest(self._network.trace(seen.words, tier - 1))
        return Guess(tier, Danger(HEADS[category]), (seen.start + first, seen.start + end))


def _ask(second: "Transformer", seen: _Seen) -> _Seen:
    """Return what both readers make of a window."""
    return _Seen(second.read(seen.words) + _OF_FIRST * seen.logits, seen.start, seen.words)


def _gravity(seen: _Seen) -> float:
    return float(seen.logits[1])


def _doubt(seen: _Seen) -> float:
    return float(seen.logits[:2].max())


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
    """Return the classifier that was built: without the reader that cannot be read, if one."""
    for alone in (False, True):
        with suppress(ModelError):
            return load_classifier(alone=alone)
    return None


def load_classifier(*, alone: bool = False) -> Classifier:
    """Read the classifier that was built, or only its network. Raises ``ModelError``."""
    try:
        from companion.words.network import Network
        from companion.words.transformer import Transformer

        network = Network(FILE)
        second = None if alone else Transformer(SECOND_FILE)
        heads = [network.calibration[0], network.read(["so"]).logits]
        heads += [second.read(["so"])] if second else []
        if {len(each) for each in heads} != {len(HEADS)}:
            raise ValueError(f"it has not {len(HEADS)} heads")
        return Classifier(network, second)
    except Exception as error:  # noqa: BLE001 - a damaged file fails in any way it likes
        reason = str(error) or type(error).__name__
        raise ModelError(_MEND.format(reason=reason)) from None
