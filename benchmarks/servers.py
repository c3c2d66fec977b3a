"""Three real servers, started here, and what `companion backends test` finds of each.

Our own engine, llama.cpp's server as it comes, and LiteLLM's proxy in front of that; the
proxy is installed into an environment of its own, which takes a minute the first time. All
answer with the smallest model of the catalogue, which is fetched if need be.

    uv run python benchmarks/servers.py [--json]
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from companion.cli.output import print_json, print_table
from companion.installation import read_installation
from companion.local_model.catalogue import find_entry
from companion.local_model.fetch import fetch_weights
from companion.local_model.weights import Weights

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from llama_server import llama_server

MODEL, CONTEXT, KEY = "smollm2-135m", 2048, "sk-for-this-run"
LITELLM = "litellm[proxy]==1.108.7"
STARTING_SECONDS = 300.0
SETTINGS = """
backend = "local"
[backends.local]
kind = "local"
model = "{model}"
[backends.llama]
kind = "openai"
base_url = "{llama}/v1"
model = "small"
api_key_env = "BENCHMARK_KEY"
context_tokens = {context}
[backends.litellm]
kind = "openai"
base_url = "{litellm}/v1"
model = "small"
api_key_env = "BENCHMARK_KEY"
context_tokens = {context}
"""


def main() -> None:
    """Start all three, try them out, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    weights = Weights(find_entry(MODEL), read_installation().locations.models)
    asyncio.run(fetch(weights))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with (
            llama_server(weights.path, CONTEXT, KEY) as llama,
            litellm_proxy(home, llama) as litellm,
        ):
            make_home(home, weights, llama, litellm)
            found = {name: try_out(home, name) for name in ("local", "llama", "litellm")}
    if as_json:
        print_json(found)
        return
    marks = {True: "ok", False: "NO", None: "--"}
    for name, result in found.items():
        rows = [(each["check"], marks[each["ok"]], each["says"]) for each in result["checks"]]
        print_table((name, "", ""), rows)


async def fetch(weights: Weights) -> None:
    """Have the model on this machine."""
    async for _ in fetch_weights(weights):
        pass


def make_home(home: Path, weights: Weights, llama: str, litellm: str) -> None:
    """Write settings that name the three, and let the engine find its model."""
    (home / "config").mkdir()
    settings = SETTINGS.format(model=MODEL, llama=llama, litellm=litellm, context=CONTEXT)
    (home / "config" / "settings.toml").write_text(settings, encoding="utf-8")
    (home / "data").mkdir()
    (home / "data" / "models").symlink_to(weights.models)


@contextmanager
def litellm_proxy(home: Path, llama: str) -> Iterator[str]:
    """Give the address of LiteLLM's proxy, which asks the server at ``llama``."""
    route = {"model": "openai/small", "api_base": f"{llama}/v1", "api_key": KEY}
    config = {
        "model_list": [{"model_name": "small", "litellm_params": route}],
        "general_settings": {"master_key": KEY},
    }
    file, port = home / "litellm.yaml", find_port()
    # JSON is YAML, too.
    file.write_text(json.dumps(config), encoding="utf-8")
    command = ["uv", "tool", "run", "--quiet", "--from", LITELLM, "litellm"]
    command += ["--config", str(file), "--host", "127.0.0.1", "--port", str(port)]
    with (home / "litellm.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def find_port() -> int:
    """Return a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until something listens. Raises ``TimeoutError``."""
    end = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise TimeoutError("LiteLLM did not start.")


def try_out(home: Path, name: str) -> dict[str, Any]:
    """Return what the command says of one of them."""
    environ = {**os.environ, "COMPANION_HOME": str(home), "BENCHMARK_KEY": KEY}
    command = [sys.executable, "-m", "companion", "backends", "test", name, "--json"]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=False)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    main()
