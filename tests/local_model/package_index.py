"""A package index on loopback, for real downloads by the real pip."""

import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def make_wheel(package: str, member: str, content: bytes) -> bytes:
    """Return a wheel of ``package`` 1.0 that holds ``content`` as ``member``."""
    info = f"{package.replace('-', '_')}-1.0.dist-info"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        wheel.writestr(member, content)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return buffer.getvalue()


class Index:
    """What the index offers, and which wheels were asked for."""

    def __init__(self) -> None:
        self.url = ""
        self.wheels: dict[str, bytes] = {}
        self.cut: set[str] = set()
        self.held: set[str] = set()
        self.asked: list[str] = []
        self.release = threading.Event()

    def offer(self, package: str, member: str, content: bytes) -> None:
        self.wheels[package] = make_wheel(package, member, content)


class _Server(ThreadingHTTPServer):
    def __init__(self, index: Index) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.index = index


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        index = self.server.index
        kind, package = self.path.strip("/").split("/")[:2]
        if package not in index.wheels:
            self.send_error(404)
        elif kind == "simple":
            name = f"{package.replace('-', '_')}-1.0-py3-none-any.whl"
            self._send("text/html", f'<a href="/wheel/{package}/{name}">{name}</a>'.encode())
        else:
            index.asked.append(package)
            self._send_wheel(index, package)

    def _send_wheel(self, index: Index, package: str) -> None:
        content = index.wheels[package]
        if package in index.held:
            self._send("application/zip", content[:1000], len(content))
            index.release.wait()
        elif package in index.cut:
            self._send("application/zip", content[: len(content) // 2], len(content))
        else:
            self._send("application/zip", content)

    def _send(self, kind: str, content: bytes, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length or len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serve_index() -> Iterator[Index]:
    """Serve an empty index for as long as the context lasts."""
    index = Index()
    server = _Server(index)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    index.url = f"http://127.0.0.1:{server.server_port}/simple/"
    try:
        yield index
    finally:
        index.release.set()
        server.shutdown()
        thread.join()
        server.server_close()
