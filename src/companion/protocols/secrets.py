"""The seam to the keyring of the system. Calls block; somebody may be asked to unlock it."""

from typing import Protocol


class SecretShelf(Protocol):
    """Keeps secrets by name. All methods raise ``KeyringError`` where there is no keyring."""

    def get(self, name: str) -> str | None:
        """Return a secret, ``None`` where there is none of that name."""
        ...

    def put(self, name: str, secret: str) -> None:
        """Keep a secret, in the place of an older one."""
        ...

    def remove(self, name: str) -> bool:
        """Remove a secret; return whether there was one."""
        ...
