"""A real HTTP server on loopback that speaks the OpenAI chat protocol, well and badly.

    with LoopbackServer(good("Hello there.")) as server:
        ... server.base_url ... server.requests ...

Each request gets the next behaviour; the last one is repeated for ever. A
behaviour is any function of an ``Exchange``, so a test may write its own. It
runs in threads, so that synchronous and asynchronous tests can use it alike.
As a program (``python loopback_server.py NAME TEXT ...``) it prints its address
and serves until it is killed.
"""

import contextlib
import json
import select
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


@dataclass(frozen=True)
class Request:
    """A request as it came. Header names are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, handler: "_Handler", request: Request) -> None:
        self.request = request
        self._handler = handler
        self._server = handler.server

    def refuse(self, status: int, body: object = None, **headers: str) -> None:
        """Answer with a status, a JSON body and headers (``retry_after="1"``)."""
        data = json.dumps(body if body is not None else {"error": {"message": "no"}}).encode()
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.send_header("Content-Type", "application/json")
        self._handler.send_header("Content-Length", str(len(data)))
        self._handler.end_headers()
        self._handler.wfile.write(data)

    def begin(self) -> None:
        """Send the head of a stream of events."""
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", "text/event-stream")
        self._handler.send_header("Transfer-Encoding", "chunked")
        self._handler.end_headers()

    def event(self, data: object) -> None:
        """Send one event; text goes as it is, anything else as JSON."""
        text = data if isinstance(data, str) else json.dumps(data)
        self._chunk(f"data: {text}\n\n".encode())

    def choice(self, delta: Mapping[str, object], finish: str | None = None) -> None:
        """Send one piece of a reply."""
        choice = {"index": 0, "delta": dict(delta), "finish_reason": finish}
        self.event(_chunk_of(choices=[choice]))

    def words(self, text: str, seconds: float = 0.0) -> None:
        """Send a reply word by word."""
        self.choice({"role": "assistant", "content": ""})
        for word in text.split(" "):
            self.wait(seconds)
            self.choice({"content": word + " "})

    def finish(self, usage: Mapping[str, int] | None = USAGE, reason: str = "stop") -> None:
        """End a reply as the protocol wants it."""
        self.choice({}, reason)
        if usage is not None:
            self.event(_chunk_of(choices=[], usage=dict(usage)))
        self.event("[DONE]")
        self.end()

    def end(self) -> None:
        """End the stream of events properly."""
        self._handler.wfile.write(b"0\r\n\r\n")

    def cut(self) -> None:
        """Hang up without a word."""
        self._handler.close_connection = True
        with contextlib.suppress(OSError):  # the other side may have been first
            self._handler.connection.shutdown(socket.SHUT_RDWR)

    def wait(self, seconds: float | None) -> None:
        """Wait, for ever with ``None``. Raises ``ConnectionError`` when the other side hangs up."""
        if seconds == 0:
            return
        readable, _, _ = select.select([self._handler.connection], [], [], seconds)
        if readable and not self._handler.connection.recv(1, socket.MSG_PEEK):
            raise ConnectionResetError

    def _chunk(self, data: bytes) -> None:
        self._handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))


Behaviour = Callable[[Exchange], None]


def good(text: str, *, seconds_per_word: float = 0.0) -> Behaviour:
    """Reply with a text, slowly if asked to, and list one model ``m``."""

    def behave(exchange: Exchange) -> None:
        if exchange.request.path.endswith("/models"):
            return listing("m")(exchange)
        exchange.begin()
        exchange.words(text, seconds_per_word)
        exchange.finish()

    return behave


def without_usage(text: str) -> Behaviour:
    """Reply without telling what it cost."""

    def behave(exchange: Exchange) -> None:
        exchange.begin()
        exchange.words(text)
        exchange.finish(usage=None)

    return behave


def cut(text: str = "") -> Behaviour:
    """Begin a reply and hang up; without a text, before its first word."""

    def behave(exchange: Exchange) -> None:
        exchange.begin()
        if text:
            exchange.words(text)
        exchange.cut()

    return behave


def events(*data: object) -> Behaviour:
    """Send events of any shape, and end the stream properly."""

    def behave(exchange: Exchange) -> None:
        exchange.begin()
        for event in data:
            exchange.event(event)
        exchange.end()

    return behave


def refused(status: int, body: object = None, **headers: str) -> Behaviour:
    """Answer with a status, a JSON body and headers (``retry_after="1"``)."""
    return lambda exchange: exchange.refuse(status, body, **headers)


def listing(*models: str) -> Behaviour:
    """Answer ``GET /v1/models``."""
    return refused(200, {"object": "list", "data": [{"id": model} for model in models]})


def empty(reason: str = "stop") -> Behaviour:
    """Reply without a word."""

    def behave(exchange: Exchange) -> None:
        exchange.begin()
        exchange.choice({"role": "assistant", "content": ""})
        exchange.finish(reason=reason)

    return behave


def endless(text: str = "and ") -> Behaviour:
    """Say the same for ever."""

    def behave(exchange: Exchange) -> None:
        exchange.begin()
        while True:
            exchange.choice({"content": text})

    return behave


def hanging(text: str = "") -> Behaviour:
    """Say something, then nothing, and keep the line open."""

    def behave(exchange: Exchange) -> None:
        exchange.begin()
        if text:
            exchange.words(text)
        exchange.wait(None)

    return behave


class LoopbackServer:
    """The server.

    ``asked`` is set when a request has come, ``left`` when a client has hung up
    in the middle of a reply.
    """

    def __init__(self, *behaviours: Behaviour) -> None:
        self.requests: list[Request] = []
        self.asked = threading.Event()
        self.left = threading.Event()
        self._behaviours = list(behaviours)
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def base_url(self) -> str:
        """The address up to and including ``/v1``."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    def serve(self) -> None:
        """Serve until the process is killed."""
        self._server.serve_forever()

    def answer(self, exchange: Exchange) -> None:
        """Note a request and behave."""
        self.requests.append(exchange.request)
        self.asked.set()
        behaviours = self._behaviours
        behave = behaviours.pop(0) if len(behaviours) > 1 else behaviours[0]
        try:
            behave(exchange)
        except ConnectionError:
            self.left.set()
            exchange.cut()


class _Server(ThreadingHTTPServer):
    # Its threads are joined on closing: a test leaves nothing behind.
    daemon_threads = False

    def __init__(self, owner: LoopbackServer) -> None:
        self.owner = owner
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def hang_up(self) -> None:
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:  # the names that the standard library wants
        self.server.owner.answer(Exchange(self, self._request({})))

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length))
        self.server.owner.answer(Exchange(self, self._request(body)))

    def _request(self, body: dict[str, Any]) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.path, headers, body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _chunk_of(**fields: object) -> dict[str, object]:
    return {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", **fields}


def main() -> None:
    """Serve the named behaviours, each followed by its text."""
    known: dict[str, Callable[[str], Behaviour]] = {
        "good": good,
        "slow": lambda text: good(text, seconds_per_word=0.004),
        "cut": cut,
        "hanging": hanging,
    }
    names, texts = sys.argv[1::2], sys.argv[2::2]
    server = LoopbackServer(*(known[name](text) for name, text in zip(names, texts, strict=True)))
    sys.stdout.write(f"{server.base_url}\n")
    sys.stdout.flush()
    server.serve()


if __name__ == "__main__":
    main()
