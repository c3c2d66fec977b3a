import hashlib
import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from companion.domain.errors import ModelError
from companion.domain.preparation import Fetching, Verifying
from companion.local_model.catalogue import CatalogueEntry, find_entry
from companion.local_model.fetch import fetch_weights
from companion.local_model.weights import Weights

CONTENT = random.Random(7).randbytes(300_000)
REVISION = "0123456789abcdef0123456789abcdef01234567"
PATH = f"/someone/tiny-model/resolve/{REVISION}/tiny.gguf"


class _Hub(BaseHTTPRequestHandler):
    """As much of a model hub as a download of one file needs."""

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(CONTENT)

    def _answer(self, content: bytes) -> None:
        if self.path != PATH:
            self.send_response(404)
            self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", f'"{hashlib.sha256(CONTENT).hexdigest()}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(autouse=True)
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def make_weights(models: Path, file: str = "tiny.gguf", content: bytes = CONTENT) -> Weights:
    source = {"kind": "hub", "repo": "someone/tiny-model", "file": file, "revision": REVISION}
    entry = CatalogueEntry.model_validate(
        {
            **find_entry("smollm2-135m").model_dump(),
            "id": "tiny",
            "title": "Tiny",
            "size_bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "sources": [source],
        }
    )
    return Weights(entry, models)


async def fetch(weights: Weights) -> list[Fetching | Verifying]:
    return [step async for step in fetch_weights(weights)]


async def test_a_file_comes_from_the_hub_that_the_environment_names(tmp_path: Path) -> None:
    weights = make_weights(tmp_path / "models")
    steps = await fetch(weights)
    assert weights.path.read_bytes() == CONTENT
    assert steps[-1] == Verifying()
    assert {file.name for file in weights.models.iterdir()} == {"tiny.gguf", "tiny.lock"}


async def test_a_file_that_the_hub_lacks_is_told(tmp_path: Path) -> None:
    weights = make_weights(tmp_path / "models", file="other.gguf")
    with pytest.raises(ModelError, match="it is not to be had from there"):
        await fetch(weights)


async def test_what_the_hub_should_not_have_sent_is_deleted(tmp_path: Path) -> None:
    weights = make_weights(tmp_path / "models", content=CONTENT[::-1])
    with pytest.raises(ModelError, match="not what was promised"):
        await fetch(weights)
    assert {file.name for file in weights.models.iterdir()} == {"tiny.lock"}
