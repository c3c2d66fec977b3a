"""A real model for tests, small and fetched once by our own code."""

import asyncio
import os
import tempfile
from pathlib import Path

import pytest

from companion.domain.errors import ModelError
from companion.local_model.catalogue import find_entry
from companion.local_model.fetch import fetch_weights
from companion.local_model.weights import Weights

REAL_MODEL = "smollm2-135m"


def real_models_folder() -> Path:
    """Return a models folder that holds ``REAL_MODEL``.

    It stays between runs, in ``COMPANION_TEST_MODELS`` or the system's temporary
    folder. Without a way to fetch it the test is skipped, except in CI.
    """
    default = Path(tempfile.gettempdir()) / "companion-test-models"
    folder = Path(os.environ.get("COMPANION_TEST_MODELS") or default)
    try:
        asyncio.run(_fetch(Weights(find_entry(REAL_MODEL), folder)))
    except ModelError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no real model: {error}")
    return folder


async def _fetch(weights: Weights) -> None:
    async for _ in fetch_weights(weights):
        pass
