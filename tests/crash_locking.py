"""The lock being set, changed and taken away while the program is killed."""

import uuid
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle

from companion.domain.errors import CompanionError
from companion.store.backups import SqliteBackups
from companion.store.copies import list_copies
from companion.store.copying import check_whole
from companion.store.database import Store
from companion.store.keys import Keys
from companion.store.locking import SqliteLock
from crash_activities import Home, say
from crashes import Tell, Wreck, find_traces, tell_round

_PASSPHRASES = ("the first passphrase", "the second passphrase")
_NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
_BACKUPS = 2


class Locking:
    """Something said, a backup, another lock: locked, locked anew, open."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def work(self, tell: Tell) -> None:
        """Lock and unlock for ever."""
        for number, passphrase in enumerate(cycle((*_PASSPHRASES, ""))):
            keys = self._keys()
            with closing(Store(self._home.path, keys)) as store:
                say(store, text := uuid.uuid4().hex)
            tell(f"said {text}")
            backups = SqliteBackups(self._home.path, keys)
            made = backups.make(_NOW + timedelta(seconds=number))
            if made:
                backups.prune(_BACKUPS, made)
            SqliteLock(self._home.path, keys).change(passphrase)
            tell_round(tell)

    def look(self, told: list[str]) -> Wreck:
        """Everything must open, and be locked without a clear trace when that is tried again."""
        self._home.hear(told)
        keys, path = self._keys(), self._home.path
        corrupt = 0
        for file in list_copies(path):
            try:
                check_whole(file, file, keys.find(file))
            except CompanionError:
                corrupt += 1
        try:
            with closing(Store(path, keys)) as store:
                store.check()
                rows = store.database.query("SELECT text FROM messages WHERE role = 'user'")
                wreck = Wreck(lost=len(self._home.kept - {row["text"] for row in rows}))
            SqliteLock(path, keys).change(_PASSPHRASES[0])
        except CompanionError:
            return Wreck(corrupt=corrupt + 1)
        survived = find_traces(path.parent, list(self._home.kept))
        return replace(wreck, corrupt=corrupt, survived=survived)

    def _keys(self) -> Keys:
        return Keys(lambda: _PASSPHRASES)
