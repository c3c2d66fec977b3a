"""The real time."""

import logging
import time
import warnings
from datetime import datetime, tzinfo


class SystemClock:
    """The real time, in the time zone of this machine, with its summers and winters."""

    def __init__(self) -> None:
        self._zone = _find_zone()

    def now(self) -> datetime:
        """Return the time of day, aware, in the user's own time zone."""
        moment = datetime.now().astimezone()
        there = moment.astimezone(self._zone)
        # A zone that contradicts the system is not the one that the user lives by.
        return there if there.utcoffset() == moment.utcoffset() else moment

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start."""
        return time.monotonic()


def _find_zone() -> tzinfo | None:
    """Return the zone of this machine, or ``None`` where the system only tells an offset."""
    logging.getLogger("tzlocal").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from tzlocal import get_localzone

            return get_localzone()
    except Exception:  # noqa: BLE001 - whatever a system's files hold, time must be told
        return None
