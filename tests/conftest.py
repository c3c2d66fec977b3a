from pathlib import Path

import pytest

from real_model import real_models_folder


@pytest.fixture(scope="session")
def real_models() -> Path:
    """The folder of the small model with which tests talk for real."""
    return real_models_folder()
