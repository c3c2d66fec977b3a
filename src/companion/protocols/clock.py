"""When things happen, as the program sees it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time as the program sees it; replay and tests bring their own."""

    def now(self) -> datetime:
        """Return the time of day, aware, in the user's own time zone."""
        ...

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start, for measuring how long things take."""
        ...
