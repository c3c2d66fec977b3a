"""Locking what is kept with a passphrase."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Relocked:
    """What became of the copies beside the database when its lock was changed.

    ``copies`` have the new passphrase, or none; ``removed`` were damaged and would have
    stayed readable; ``left`` are locked with another passphrase, ``broken`` are damaged and
    locked with one that nobody knows.
    """

    copies: int = 0
    removed: int = 0
    left: int = 0
    broken: int = 0
