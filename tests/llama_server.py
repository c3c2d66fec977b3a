"""llama.cpp's own HTTP server with its own settings, in a process that can be ended.

    python tests/llama_server.py MODEL.gguf CONTEXT KEY

prints its address in one line and serves the model as "small" until standard input ends.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def llama_server(model: Path, context: int, key: str) -> Iterator[str]:
    """Give the address of a server that answers with a model in a GGUF file."""
    command = [sys.executable, __file__, str(model), str(context), key]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def main() -> None:
    """Serve."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path, params.n_ctx, params.api_keys = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    params.hostnames, params.port, params.model_alias = ["127.0.0.1"], 0, {"small"}
    params.verbosity = 0
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
