"""A backup a day, without being asked for, and its way back."""

from datetime import timedelta
from pathlib import Path

from companion.domain.backups import Restoration
from companion.domain.errors import DamagedError
from companion.protocols.backups import Backups
from companion.protocols.clock import Clock

_DAY = timedelta(days=1)


class Safekeeping:
    """Makes a backup where the last one is a day old, and keeps the ``keep`` latest."""

    def __init__(self, backups: Backups, clock: Clock, keep: int) -> None:
        self._backups = backups
        self._clock = clock
        self._keep = keep

    def back_up_if_due(self) -> None:
        """Make a backup unless there is one of this day; does nothing else. Blocks.

        A clock that was put back makes neither none nor many: what counts is the
        distance. Raises ``StoreError``.
        """
        now = self._clock.now()
        if any(abs(now - each.at) < _DAY for each in self._backups.kept()):
            return
        made = self._backups.make(now)
        if made:
            self._backups.prune(self._keep, made)


class Rescue:
    """Brings back what there was. All methods block and raise ``StoreError``."""

    def __init__(self, backups: Backups, clock: Clock) -> None:
        self._backups = backups
        self._clock = clock

    def find(self) -> Restoration | None:
        """Return what the latest backup that is whole would change, if there is one."""
        for each in self._backups.kept():
            try:
                return self._backups.compare(each.path)
            except DamagedError:
                continue
        return None

    def restore(self, file: Path) -> Path | None:
        """Put a backup in the place of the database; return where that is kept."""
        return self._backups.restore(file, self._clock.now())
