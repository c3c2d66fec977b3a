"""The seam to the lock of what is kept. Calls block."""

from typing import Protocol

from companion.domain.locking import Relocked


class Lock(Protocol):
    """Locks the database and the copies beside it with a passphrase."""

    def is_locked(self) -> bool:
        """Tell whether a passphrase is needed; asks for none. Raises ``StoreError``."""
        ...

    def count_damaged(self) -> int:
        """Return how many copies, set aside as damaged, a lock would remove if it cannot hold them.

        Raises ``StoreError``.
        """
        ...

    def verify(self) -> None:
        """Find the passphrase that holds now. Raises ``LockedError``, ``StoreError``."""
        ...

    def change(self, passphrase: str) -> Relocked:
        """Lock with another passphrase, or unlock for good with an empty one.

        Each file is replaced whole or stays as it is, the database last, so that this can
        be done again after a crash. No clear copy is left. Raises ``StoreError`` where
        another program has the database open, ``LockedError`` without the old passphrase.
        """
        ...
