"""``SecretShelf`` in the keyring of the system: Keychain, Credential Locker, Secret Service."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from companion.domain.errors import KeyringError

_SERVICE = "companion"
_NOT_INSTALLED = (
    "The keyring of the system cannot be reached yet. Get what is missing with: "
    "pip install 'companion[keyring]'"
)
_NONE = (
    "This system has no keyring that can be reached. Install one, such as GNOME Keyring or "
    "KWallet, or use an environment variable."
)
_REFUSED = (
    "The keyring of the system does not answer ({reason}). Unlock it and try again, "
    "or use an environment variable."
)


class SystemKeyring:
    """What is kept belongs to the service ``companion``."""

    def get(self, name: str) -> str | None:
        """Return a secret."""
        with _explained() as keyring:
            found: str | None = keyring.get_password(_SERVICE, name)
            return found

    def put(self, name: str, secret: str) -> None:
        """Keep a secret."""
        with _explained() as keyring:
            keyring.set_password(_SERVICE, name, secret)

    def remove(self, name: str) -> bool:
        """Remove a secret."""
        if self.get(name) is None:
            return False
        with _explained() as keyring:
            keyring.delete_password(_SERVICE, name)
        return True


@contextmanager
def _explained() -> Iterator[ModuleType]:
    try:
        import keyring
        from keyring.errors import KeyringError as Refusal
        from keyring.errors import NoKeyringError
    except ImportError:
        raise KeyringError(_NOT_INSTALLED) from None
    try:
        yield keyring
    except NoKeyringError:
        raise KeyringError(_NONE) from None
    except Refusal as error:
        reason = str(error).split(". ")[0].splitlines()[0] if str(error) else type(error).__name__
        raise KeyringError(_REFUSED.format(reason=reason)) from None
