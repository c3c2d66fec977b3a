"""Saying what she is: when a session begins, and again by the clock while it goes on."""

from asyncio import to_thread
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from companion.domain.disclosure import AgeGroup
from companion.protocols.clock import Clock
from companion.safety.disclosure_text import introduce, remind

_EVERY = timedelta(hours=3)
_EVERY_FOR_MINORS = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLY = timedelta(minutes=2)
"""Whoever asks whether it is due asks every minute or so: no later than the hour."""


@dataclass(slots=True)
class Disclosure:
    """When the user is told that she is software; the words never reach a model.

    ``name`` is hers, ``keep_age`` keeps what the user said for the next start, and
    ``about_minors`` is what a model is told of somebody under 18.
    """

    clock: Clock
    name: str
    age: AgeGroup
    keep_age: Callable[[AgeGroup], None]
    about_minors: str
    _told: datetime | None = field(default=None, init=False)
    _ticks: float = field(default=0.0, init=False)

    @property
    def minor(self) -> bool:
        """Whether the user said that they are under 18."""
        return self.age is AgeGroup.MINOR

    @property
    def about_user(self) -> str:
        """What a model is told of the user's age: nothing, but of a minor."""
        return self.about_minors if self.minor else ""

    def begin(self) -> str:
        """Return what is said when a session begins, and count from now on."""
        self._count()
        return introduce(self.name, self.age)

    def due(self) -> str:
        """Return what is said now; empty where it was said not long ago.

        A clock that is set back, or that stands still while the machine sleeps, delays
        nothing: there are two, and the one that went further counts.
        """
        if self._told is None:
            return self.begin()
        ticked = timedelta(seconds=self.clock.monotonic() - self._ticks)
        if max(self.clock.now() - self._told, ticked) < self._pause() - _EARLY:
            return ""
        self._count()
        return remind(self.name, self.age)

    def due_after(self, last: datetime | None) -> str:
        """Return what is said before one turn of a talk that no program holds open.

        ``last`` is when its last turn was. Time is cut into pieces of three hours (one for
        a minor): the first turn in each has a notice, so that each turn has one not longer
        than that before it.
        """
        pause, now = self._pause(), self.clock.now()
        if last is None or not timedelta(0) <= now - last < pause:
            return self.begin()
        return self.begin() if (now - _EPOCH) // pause != (last - _EPOCH) // pause else ""

    async def choose_age(self, age: AgeGroup) -> None:
        """Keep what the user said. Raises ``SettingsError``."""
        await to_thread(self.keep_age, age)
        self.age = age

    def _pause(self) -> timedelta:
        return _EVERY_FOR_MINORS if self.minor else _EVERY

    def _count(self) -> None:
        self._told, self._ticks = self.clock.now(), self.clock.monotonic()
