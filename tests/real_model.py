"""A real model for tests, small and fetched once by our own code."""

import asyncio
import json
import os
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from companion.domain.errors import ModelError
from companion.domain.message import PromptMessage, Role
from companion.local_model.catalogue import find_entry
from companion.local_model.engine_child import EngineAddress
from companion.local_model.fetch import fetch_weights
from companion.local_model.weights import Weights

REAL_MODEL = "smollm2-135m"
PREFIX = [PromptMessage(Role.SYSTEM, "You are Samantha. " + "You listen and you care. " * 20)]


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


def ask(address: EngineAddress, key: str | None = None) -> dict[str, Any]:
    """Ask for two tokens after ``PREFIX``."""
    messages = [*({"role": str(m.role), "content": m.content} for m in PREFIX)]
    messages.append({"role": "user", "content": "Hello there."})
    request = urllib.request.Request(
        f"{address.base_url}/chat/completions",
        json.dumps({"messages": messages, "max_tokens": 2, "temperature": 0}).encode(),
        {"Authorization": f"Bearer {address.api_key if key is None else key}"},
    )
    with urllib.request.urlopen(request) as reply:
        answer: dict[str, Any] = json.load(reply)
        return answer
