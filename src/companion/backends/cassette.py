"""HTTP exchanges with a model in a file, so that a run can be repeated without it.

One exchange is a line of JSON: what was asked, and what came in which pieces. Headers
are not kept, and so no key is; nor is the address.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from companion.domain.errors import BackendError

if TYPE_CHECKING:
    from httpx2 import AsyncBaseTransport

_CONTENT = "content-type"
_MISSING = (
    "This request is not on the cassette {path}: something asks differently than when it was "
    "recorded. Record it anew."
)
_UNUSABLE = "The cassette {path} cannot be used ({why}). Name another with --tape."
_DAMAGED = (
    "{path} is no whole cassette. Name another with --tape, or record it anew with "
    "--cassette record."
)


class Cassette:
    """Records exchanges into a file, or plays those that are in it.

    The same request gets the answers that it got, in their order. Raises ``BackendError``
    where the file cannot be read or written.
    """

    def __init__(self, path: Path, *, plays: bool) -> None:
        self.plays = plays
        self._path = path
        self._known: defaultdict[str, deque[dict[str, Any]]] = defaultdict(deque)
        try:
            if plays:
                self._read()
            else:
                path.touch(mode=0o600)
                path.chmod(0o600)
                path.write_text("", encoding="utf-8")
        except OSError as error:
            raise BackendError(_UNUSABLE.format(path=path, why=error.strerror)) from error
        except (ValueError, KeyError, TypeError) as error:
            raise BackendError(_DAMAGED.format(path=path)) from error

    def wrap(self, transport: AsyncBaseTransport) -> AsyncBaseTransport:
        """Return a transport that records what goes over another one, or needs none."""
        import httpx2

        cassette = self

        class Deck(httpx2.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
                asked = _describe(request.method, request.url.path, await request.aread())
                if cassette.plays:
                    answer = cassette.find(asked)
                    pieces = [
                        piece.encode("utf-8", "surrogateescape") for _, piece in answer["pieces"]
                    ]
                    headers = {_CONTENT: answer["type"]}
                    return httpx2.Response(
                        answer["status"], headers=headers, content=b"".join(pieces)
                    )
                response = await transport.handle_async_request(request)
                kept = {_CONTENT: response.headers.get(_CONTENT, "")}
                stream = cassette.listen(asked, response.status_code, kept, response)
                return httpx2.Response(response.status_code, headers=kept, content=stream)

            async def aclose(self) -> None:
                await transport.aclose()

        return Deck()

    def find(self, asked: str) -> dict[str, Any]:
        """Return the next answer to a request. Raises ``BackendError`` where there is none."""
        answers = self._known.get(asked)
        if not answers:
            raise BackendError(_MISSING.format(path=self._path))
        return answers.popleft()

    async def listen(
        self, asked: str, status: int, headers: dict[str, str], response: Any
    ) -> AsyncIterator[bytes]:
        """Yield what comes, and keep it when it ends, however that is."""
        began, pieces = time.monotonic(), []
        try:
            async for piece in response.aiter_bytes():
                seconds = round(time.monotonic() - began, 3)
                pieces.append((seconds, piece.decode("utf-8", "surrogateescape")))
                yield piece
        finally:
            await response.aclose()
            answer = {"status": status, "type": headers[_CONTENT], "pieces": pieces}
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"asked": json.loads(asked), "answer": answer}) + "\n")

    def _read(self) -> None:
        for line in self._path.read_text(encoding="utf-8").splitlines():
            exchange = json.loads(line)
            answer = exchange["answer"]
            _ = answer["status"], answer["type"], answer["pieces"]
            self._known[_write(exchange["asked"])].append(answer)


def _describe(method: str, path: str, body: bytes) -> str:
    """Return what tells one request from another."""
    said = json.loads(body) if body else None
    return _write({"method": method, "path": path.rpartition("/v1")[2], "body": said})


def _write(asked: object) -> str:
    return json.dumps(asked, sort_keys=True, ensure_ascii=False)
