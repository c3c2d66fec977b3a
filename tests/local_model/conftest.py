from pathlib import Path

import pytest

from real_model import real_models_folder


@pytest.fixture(scope="session")
def real_models() -> Path:
    return real_models_folder()
