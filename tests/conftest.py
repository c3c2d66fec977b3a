from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from memory_keyring import MemoryKeyring
from real_model import real_models_folder


@pytest.fixture(scope="session")
def real_models() -> Path:
    """The folder of the small model with which tests talk for real."""
    return real_models_folder()


@pytest.fixture
def system_keyring() -> Iterator[MemoryKeyring]:
    """A keyring in the place of that of the system."""
    before, ours = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ours)
    yield ours
    keyring.set_keyring(before)
