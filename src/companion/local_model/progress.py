"""How far a download is and how fast it goes."""

import time
from collections import deque

from companion.domain.preparation import Fetching

_SAMPLES = 50
"""With five steps a second, the rate is that of the last ten seconds."""


class Progress:
    """Bytes that are here, summed over what is settled and what is on its way."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._settled = 0
        self._coming: dict[str, int] = {}
        self._samples: deque[tuple[float, int]] = deque(maxlen=_SAMPLES)

    def resume(self, done: int) -> None:
        """Say that ``done`` bytes were here before: they tell nothing of the speed."""
        self._samples.clear()
        self._settled = done

    def settle(self, done: int) -> None:
        """Say that ``done`` bytes in all are certain."""
        self._settled = done

    def coming(self, piece: str, done: int) -> None:
        """Say that ``done`` bytes of ``piece`` have come."""
        self._coming[piece] = done

    def arrived(self, piece: str) -> None:
        """Say that ``piece`` counts as settled from now on, or is lost."""
        self._coming.pop(piece, None)

    def step(self) -> Fetching:
        """Return where we are now."""
        done = min(self._total, self._settled + sum(self._coming.values()))
        self._samples.append((time.monotonic(), done))
        rate = self._rate()
        remaining = (self._total - done) / rate if rate else None
        return Fetching(done, self._total, rate, remaining)

    def _rate(self) -> float | None:
        (began, first), (now, last) = self._samples[0], self._samples[-1]
        return (last - first) / (now - began) if now > began and last > first else None
