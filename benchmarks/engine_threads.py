"""How fast the embedded model reads and writes, and how smooth the screen stays meanwhile.

For each number of threads and each eagerness of idle threads (``poll``): tokens a
second of prompt reading and of writing, and how late a 10 ms asyncio ticker in
another process wakes up, in milliseconds. The ticker stands for the chat screen.

    python benchmarks/engine_threads.py [--model ID] [--json]
"""

import argparse
import asyncio
import json
import os
import sys
import urllib.request
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any

from companion.local_model.catalogue import find_entry, read_catalogue
from companion.local_model.engine_child import EngineAddress, EngineChild
from companion.local_model.engine_process import EngineConfig
from companion.local_model.weights import Weights
from companion.locations import find_locations

TICK = 0.01
READ_WORDS = 150
WRITE_TOKENS = 64


@dataclass(frozen=True)
class Row:
    """One measurement. Tokens a second and milliseconds."""

    threads: int
    poll: int
    reads: float
    writes: float
    late_p50: float
    late_p99: float


async def tick() -> None:
    """Be the ticker: print how late each tick was, in ms, when stdin ends."""
    loop = asyncio.get_running_loop()
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    late = []
    while not ended.done():
        due = loop.time() + TICK
        await asyncio.sleep(TICK)
        late.append((loop.time() - due) * 1000)
    print(json.dumps(late))


async def lateness_during(work: Any) -> tuple[Any, float, float]:
    """Await ``work`` while a ticker runs; return its result and the ticker's p50 and p99."""
    ticker = await asyncio.create_subprocess_exec(
        *(sys.executable, __file__, "--tick"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    result = await work
    out, _ = await ticker.communicate(b"")
    cuts = quantiles(json.loads(out), n=100)
    return result, cuts[49], cuts[98]


def ask(address: EngineAddress) -> dict[str, float]:
    """Have the model read and write, without its cache; return its own timings."""
    words = " ".join(f"word{n % 97}" for n in range(READ_WORDS))
    body = {
        "messages": [{"role": "user", "content": f"{words} Tell a long story."}],
        "max_tokens": WRITE_TOKENS,
        "cache_prompt": False,
        "ignore_eos": True,
    }
    request = urllib.request.Request(
        f"{address.base_url}/chat/completions",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {address.api_key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as reply:
        timings: dict[str, float] = json.load(reply)["timings"]
        return timings


async def measure(model: str, threads: int, poll: int) -> Row:
    """Run the engine with these settings and measure one request."""
    entry, places = find_entry(model), find_locations()
    path = str(Weights(entry, places.models).path)
    prefixes = str(places.cache / "prefixes")
    config = EngineConfig(path, entry.context, threads, "benchmark", prefixes, poll)
    child = await EngineChild.spawn(config, places.log_file)
    try:
        timings, p50, p99 = await lateness_during(asyncio.to_thread(ask, child.address))
    finally:
        await child.stop()
    reads, writes = timings["prompt_per_second"], timings["predicted_per_second"]
    return Row(threads, poll, reads, writes, p50, p99)


async def main(model: str, as_json: bool) -> None:
    """Measure every combination and print the figures."""
    _, p50, p99 = await lateness_during(asyncio.sleep(3))
    if not as_json:
        print(f"{model}; a tick on the idle machine is {p50:.2f} ms late (p50), {p99:.2f} ms (p99)")
        print("threads  poll  reads t/s  writes t/s  late p50 ms  late p99 ms")
    rows = []
    for threads in range(1, (os.cpu_count() or 1) + 1):
        for poll in (0, 50):
            rows.append(await measure(model, threads, poll))
            if not as_json:
                show(rows[-1])
    if as_json:
        idle = {"late_p50": p50, "late_p99": p99}
        print(json.dumps({"model": model, "idle": idle, "rows": [asdict(row) for row in rows]}))


def show(row: Row) -> None:
    """Print one line of the table."""
    print(
        f"{row.threads:7}  {row.poll:4}  {row.reads:9.1f}  {row.writes:10.1f}"
        f"  {row.late_p50:11.2f}  {row.late_p99:11.2f}",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=read_catalogue()[0].id)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--tick", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    asyncio.run(tick() if options.tick else main(options.model, options.json))
