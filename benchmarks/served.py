"""A server of replies in a process of its own, so that its work is not measured."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAM = Path(__file__).parents[1] / "tests" / "loopback_server.py"


@contextmanager
def answering(manner: str, reply: str) -> Iterator[str]:
    """Give the address of a server that always gives ``reply``, in a ``manner`` it knows."""
    command = [sys.executable, str(_PROGRAM), manner, reply]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()
