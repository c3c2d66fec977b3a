"""The process that holds the model: ``python -m companion.local_model.engine_process``.

It reads a line of configuration and then orders from stdin, and tells what
happens on stdout, all in JSON lines. When stdin ends, whoever started us is gone,
however it went, and so are we, at once. llama.cpp itself writes to stderr.
"""

import contextlib
import json
import os
import queue
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from companion.local_model.prefix_reader import PrefixReader
from companion.locations import make_private

_NICENESS = 10
"""The screen goes before the model: a late word is not seen, a late key is."""
_BATCH_TOKENS = 128
"""An ended request is noticed between two batches: a second or so on a small machine."""
_REUSED_TOKENS = 64
"""A run of at least so many tokens is kept when older ones before it are dropped."""


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """What the process needs to know. ``context`` is in tokens.

    ``prefixes`` is the folder for what was read ahead; ``poll`` is how eagerly idle
    threads look for work, 0 to 100. ``spare_mib`` is the memory for what was read of
    a conversation while something else is asked, so that it need not be read again.
    ``adapter`` is a GGUF file that changes how the model talks, or empty.
    """

    model: str
    context: int
    threads: int
    api_key: str
    prefixes: str
    poll: int = 0
    spare_mib: int = 0
    adapter: str = ""


def main() -> None:
    """Serve until stdin ends."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(event: str, **more: str) -> None:
        told.write(json.dumps({"event": event, **more}) + "\n")
        told.flush()

    config = EngineConfig(**json.loads(sys.stdin.readline()))
    orders: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    try:
        server = _serve(config)
    except ImportError:
        tell("failed", reason="not installed")
    except RuntimeError:
        tell("failed", reason="does not load")
    else:
        tell("listening", address=server.listening_address)
        reader = PrefixReader(
            server.listening_address, config.api_key, Path(config.prefixes), _identity(config)
        )
        _obey(orders, reader, tell)


def _listen(orders: queue.SimpleQueue[Any]) -> None:
    for line in sys.stdin:
        orders.put(json.loads(line))
    os._exit(0)


def _identity(config: EngineConfig) -> str:
    """Return what has to be the same for a state to fit: engine, weights and context."""
    import xllamacpp

    files = [Path(file).stat() for file in (config.model, config.adapter) if file]
    stamps = " ".join(f"{file.st_size} {file.st_mtime_ns}" for file in files)
    return f"{xllamacpp.__version__} {stamps} {config.context}"


def _serve(config: EngineConfig) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = config.model
    if config.adapter:
        adapter = xllamacpp.CommonAdapterLoraInfo()
        adapter.path, adapter.scale = config.adapter, 1.0
        params.lora_adapters = [adapter]
    params.n_ctx = config.context
    params.n_parallel = 1
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [config.api_key]
    params.ui = False
    params.endpoint_slots = False
    # Without a place for them, states are not kept, and the prefix is read each time.
    with contextlib.suppress(OSError):
        make_private(Path(config.prefixes))
        params.slot_save_path = os.path.join(config.prefixes, "")
    params.verbosity = 2
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = config.threads
        cpu.poll = config.poll
    params.n_batch = params.n_ubatch = _BATCH_TOKENS
    params.n_cache_reuse = _REUSED_TOKENS
    params.cache_ram_mib = config.spare_mib
    # Weights stay mapped from the file instead of being copied into another order:
    # a quarter slower in writing, but a fifth faster in reading and 0.6 GB leaner.
    params.no_extra_bufts = True
    return xllamacpp.Server(params)


def _obey(
    orders: queue.SimpleQueue[Any],
    reader: PrefixReader,
    tell: Callable[[str], None],
) -> None:
    while True:
        try:
            reader.read_ahead(orders.get()["warm"])
        except OSError as error:
            sys.stderr.write(f"The prompt could not be read ahead: {error}\n")
        tell("warmed")


if __name__ == "__main__":
    main()
