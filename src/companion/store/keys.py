"""Which passphrase opens which file."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from unicodedata import normalize

from companion.domain.errors import LockedError
from companion.store.connecting import derive_key, opens, read_salt
from companion.store.copies import find_folder, list_backups

_BUSY_SECONDS = 5.0
_UNKNOWN = (
    "{path} is locked. Open it in a terminal, where its passphrase is asked for, "
    "or set COMPANION_PASSPHRASE or COMPANION_PASSPHRASE_FILE."
)
_WRONG = "That passphrase does not open {path}. Nothing was changed; try again."
_SURE = " If you are sure of it, the file may be damaged: companion restore --help."
_DOUBT = " (If you never locked it, it is damaged: move it away, then companion restore.)"


class Keys:
    """Finds the passphrases of locked files and knows them until the program ends.

    ``passphrases`` gives one after the other, from the likeliest on; somebody may be asked
    for the next, so none is taken before it is needed.
    """

    def __init__(self, passphrases: Callable[[], Iterable[str]] = tuple) -> None:
        self._passphrases = passphrases
        self._known: list[str] = []
        self._found: dict[tuple[Path, int], str] = {}

    def find(self, path: Path) -> str:
        """Return the key to a file, empty where it is not locked.

        Raises ``LockedError`` where no passphrase opens it, ``OSError`` and
        ``sqlite_errors()``.
        """
        if not path.exists():
            return ""
        # The file is looked at once: a second time would end the locks that we hold on it.
        file = (path, path.stat().st_ino)
        if file not in self._found:
            salt = read_salt(path)
            self._found[file] = self._search(path, salt) if salt else ""
        return self._found[file]

    @property
    def known(self) -> tuple[str, ...]:
        """The passphrases that opened something, the latest first."""
        return tuple(self._known)

    def learn(self, passphrase: str) -> None:
        """Try a passphrase before all others from now on."""
        self._known.insert(0, passphrase)

    def look_again(self) -> None:
        """Look anew at every file: one of them was replaced, and none is open here."""
        self._found.clear()

    def _search(self, path: Path, salt: bytes) -> str:
        tried = False
        given = chain(self._known, self._passphrases())
        for passphrase in chain.from_iterable(map(_spell, given)):
            key = derive_key(passphrase, salt)
            if opens(path, key, _BUSY_SECONDS):
                self.learn(passphrase)
                return key
            if _opens_backup(path, key, salt):
                self.learn(passphrase)
                raise sqlite3.DatabaseError("malformed")
            tried = True
        told = (_WRONG if tried else _UNKNOWN).format(path=path)
        if tried and not _has_backup(path, salt):
            told += _SURE
        raise LockedError(told + _DOUBT)


def _spell(passphrase: str) -> Iterable[str]:
    """Return the ways in which a keyboard may have written a passphrase."""
    return dict.fromkeys((passphrase, normalize("NFC", passphrase), normalize("NFD", passphrase)))


def _opens_backup(database: Path, key: str, salt: bytes) -> bool:
    """Tell whether a key is right, though the database does not open with it.

    A backup with another salt says nothing: it has the lock of before or after a change.
    """
    return any(opens(each, key, _BUSY_SECONDS) for each in _list_alike(database, salt))


def _has_backup(database: Path, salt: bytes) -> bool:
    """Tell whether a backup could have borne a passphrase out, and did not."""
    return any(True for _ in _list_alike(database, salt))


def _list_alike(database: Path, salt: bytes) -> Iterator[Path]:
    for each in list_backups(find_folder(database)):
        if read_salt(each.path) == salt:
            yield each.path
