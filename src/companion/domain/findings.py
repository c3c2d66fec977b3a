"""What noticing finds in a message, before it is compared with what is known."""

from dataclasses import dataclass
from datetime import date

from companion.domain.memories import Learned


@dataclass(frozen=True, slots=True)
class Ended:
    """Something is over. ``slots`` are the questions whose answers hold no longer.

    ``what`` names it in words, ``instead`` is what holds now, where something does:
    with ``only_known``, only if an answer was known. ``start`` and ``end`` are the span of
    the message, here and below.
    """

    slots: tuple[str, ...]
    what: str
    start: int
    end: int
    instead: Learned | None = None
    only_known: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """Something is on other days; ``what`` is empty for "it", ``old`` the day that was wrong."""

    what: str
    since: date
    until: date
    start: int
    end: int
    old: date | None = None


@dataclass(frozen=True, slots=True)
class Renamed:
    """A name was wrong: ``old`` is ``new``; without ``old``, one that is spelled much like it."""

    old: str
    new: str
    start: int
    end: int


Finding = Learned | Ended | Moved | Renamed
