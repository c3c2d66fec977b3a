"""Times as they stand in the database: ISO 8601, UTC, sortable as text."""

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """Return an aware time as text with a fixed number of digits."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_text(text: str) -> datetime:
    """Return the aware UTC time that ``to_text`` wrote."""
    return datetime.fromisoformat(text)
