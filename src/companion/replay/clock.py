"""The time of a session file."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from companion.domain.errors import SessionError

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")


class FileClock:
    """The time at which something was said, in the time zone of who said it.

    It stands still until it is set or ``pass_time`` moves what ``monotonic`` counts.
    """

    def __init__(self, zone: str) -> None:
        self._zone = find_zone(zone)
        self._at = datetime.fromtimestamp(0, UTC)
        self._passed = 0.0

    def set(self, moment: str) -> None:
        """Let it be a moment in UTC, as it stands in a file."""
        self._at = datetime.fromisoformat(moment)

    def pass_time(self, seconds: float) -> None:
        """Let ``monotonic`` go on."""
        self._passed += seconds

    def now(self) -> datetime:
        """Return the time of day, aware, in the user's own time zone."""
        return self._at.astimezone(self._zone)

    def monotonic(self) -> float:
        """Return the seconds that were let pass."""
        return self._passed


def find_zone(name: str) -> tzinfo:
    """Return the zone of an IANA name or an offset. Raises ``SessionError``."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        passed = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(-passed if offset[1] == "-" else passed)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SessionError(f"The session's time zone {name!r} is not known here.") from None
