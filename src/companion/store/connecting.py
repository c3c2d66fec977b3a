"""Connecting to one file of SQLite, locked or not.

A locked file is one of SQLCipher 4 with its defaults: any tool that speaks SQLCipher opens
it with the passphrase. SQLCipher is optional, and loaded only for a locked file. What is
called a key here is what it makes of a passphrase and the salt in the file; it is empty for
a file that is not locked.
"""

import hashlib
import os
import sqlite3
import sys
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from companion.domain.errors import StoreError

Mode = Literal["ro", "rw", "rwc"]
"""Whether a file is read, written, or made where there is none: the words of SQLite."""

_OPEN = b"SQLite format 3\0"
_PAGE_BYTES, _SALT_BYTES, _KEY_BYTES, _ROUNDS = 4096, 16, 32, 256_000
_NOISE = 240
"""How many of the 256 bytes a page of noise has at least; a page of SQLite has half of them."""
_STATEMENTS = 512
"""How many statements are kept ready: a turn uses more than the 128 that Python keeps."""
_NOT_INSTALLED = (
    "The lock needs SQLCipher, which is not installed. Get it with: pip install 'companion[lock]'"
)


def read_salt(path: Path) -> bytes:
    """Return the salt of a locked file, which is noise from the first byte on.

    Empty for a file that is not locked. Not for a file that this process has open: closing
    it here would end the locks on it. Raises ``OSError``.
    """
    if not path.exists():
        return b""
    with path.open("rb") as file:
        page = file.read(_PAGE_BYTES)
    locked = not page.startswith(_OPEN) and len(set(page)) > _NOISE
    return page[:_SALT_BYTES] if locked else b""


def make_key(passphrase: str) -> str:
    """Return a key for a file that is to be locked; empty for an empty passphrase."""
    return derive_key(passphrase, os.urandom(_SALT_BYTES)) if passphrase else ""


@lru_cache(maxsize=64)
def derive_key(passphrase: str, salt: bytes) -> str:
    """Return the key to a locked file. Takes some tenths of a second, on purpose."""
    key = hashlib.pbkdf2_hmac("sha512", passphrase.encode(), salt, _ROUNDS, _KEY_BYTES)
    return f"x'{key.hex()}{salt.hex()}'"


def connect(path: Path, key: str, busy_seconds: float, *, mode: Mode = "rwc") -> sqlite3.Connection:
    """Connect to a file, by SQLCipher where there is a key.

    Nothing is read yet, so that a wrong key is told by the first query. Raises
    ``sqlite_errors()``, and ``StoreError`` where SQLCipher is not installed.
    """
    if key:
        return connect_sqlcipher(path, key, busy_seconds, mode=mode)
    return sqlite3.connect(
        _address(path, mode),
        uri=True,
        timeout=busy_seconds,
        check_same_thread=False,
        isolation_level=None,
        cached_statements=_STATEMENTS,
    )


def connect_sqlcipher(
    path: Path, key: str, busy_seconds: float, *, mode: Mode = "rwc"
) -> sqlite3.Connection:
    """Connect by SQLCipher, even to a file that is not locked."""
    connection = load_sqlcipher().connect(
        _address(path, mode),
        uri=True,
        timeout=busy_seconds,
        check_same_thread=False,
        isolation_level=None,
        cached_statements=_STATEMENTS,
    )
    # It would tell the terminal about each wrong key.
    connection.execute("PRAGMA cipher_log_level = NONE")
    if key:
        connection.execute(f'PRAGMA key = "{key}"')
    return cast(sqlite3.Connection, connection)


def opens(path: Path, key: str, busy_seconds: float) -> bool:
    """Tell whether a key opens a locked file. Raises ``sqlite_errors()``."""
    with closing(connect_sqlcipher(path, key, busy_seconds, mode="ro")) as connection:
        try:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite_errors("DatabaseError") as error:
            if "not a database" not in str(error):
                raise
            return False
    return True


def load_sqlcipher() -> Any:
    """Return the module of SQLCipher. Raises ``StoreError`` where it is not installed."""
    try:
        from sqlcipher3 import dbapi2
    except ImportError:
        raise StoreError(_NOT_INSTALLED) from None
    return dbapi2


def sqlite_errors(name: str = "Error", *others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return what to catch: an error as SQLite raises it, as SQLCipher does, and ``others``."""
    modules = (sqlite3, sys.modules.get("sqlcipher3.dbapi2"))
    return (*(getattr(module, name) for module in modules if module), *others)


def _address(path: Path, mode: Mode) -> str:
    return f"{path.absolute().as_uri()}?mode={mode}"
