"""How recall and saving grow with what is stored: 10,000 and 100,000 turns, or a million.

The turns are made up from a seed: words as frequent as in speech (Zipf), a rare one here
and there, sittings a day apart. A database is filled in one go, then questions are asked,
turns are taken, and messages are saved one by one as the chat saves them. "Turn" is a
whole turn outside the model: everything from the message to the stored reply, with a model
that answers at once; its CPU time hardly changes where the machine does other things as
well. Each size is a process of its own; memory is its peak.

    uv run python benchmarks/memory_scale.py [--million] [--questions 200] [--json]
"""

import argparse
import asyncio
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from companion.assembly import open_companion
from companion.cli.output import format_bytes, print_json, print_table
from companion.domain.memory import ForeignTurn
from companion.domain.message import Role
from companion.installation import Installation, read_installation
from companion.memory.recall import TurnRecaller
from companion.prompting.budget import measure_passage
from companion.settings import Settings
from companion.store.database import Store
from companion.store.imports import SqliteImporter
from companion.store.transcript import SqliteTranscript
from companion.store.turn_index import SqliteTurnIndex

SEED = 20261122
START = datetime(2020, 1, 1, 18, 0, tzinfo=UTC)
VOCABULARY = 30_000
TURNS_A_SITTING = 25
TURNS_A_CONVERSATION = 600
SAVES = 300
TURNS = 100
SHOWN = (
    "recall_p50_ms",
    "recall_p95_ms",
    "save_p95_ms",
    "turn_p50_ms",
    "turn_p95_ms",
    "turn_cpu_p95_ms",
)


class Speaker:
    """Says things that mean nothing in words as frequent as real ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        letters = random.Random(SEED)
        self._words = [make_word(letters) for _ in range(VOCABULARY)]
        weights = [1 / (rank + 3) for rank in range(VOCABULARY)]
        self._cumulative = [0.0]
        for weight in weights:
            self._cumulative.append(self._cumulative[-1] + weight)
        del self._cumulative[0]

    def say(self, least: int, most: int) -> str:
        """Return a sentence of that many words."""
        count = self._random.randint(least, most)
        return " ".join(self._random.choices(self._words, cum_weights=self._cumulative, k=count))


def make_word(letters: random.Random) -> str:
    """Return something that can be pronounced."""
    syllables = (
        letters.choice("bdfgklmnprstvz") + letters.choice("aeiou")
        for _ in range(letters.randint(2, 4))
    )
    return "".join(syllables) + letters.choice("mnrt")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--million", action="store_true", help="A million turns as well.")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--size", type=int, help="Measure this size only, in this process.")
    arguments = parser.parse_args()
    if arguments.size:
        print_json(measure(arguments.size, arguments.questions))
        return
    sizes = [10_000, 100_000] + [1_000_000] * arguments.million
    results = [run_apart(size, arguments.questions) for size in sizes]
    ratio = results[-1]["recall_p95_ms"] / results[0]["recall_p95_ms"]
    if arguments.json:
        print_json({"sizes": results, "recall_p95_largest_to_smallest": ratio})
    else:
        show(results, ratio)


def show(results: Sequence[dict[str, float]], ratio: float) -> None:
    """Print a row for each size."""
    rows = [
        [
            f"{figures['turns']:.0f}",
            *(f"{figures[key]:.1f}" for key in SHOWN),
            format_bytes(figures["file_bytes"]),
            format_bytes(figures["memory_bytes"]),
        ]
        for figures in results
    ]
    columns = ("recall p50 ms", "p95 ms", "save p95 ms", "turn p50 ms", "p95 ms", "CPU p95 ms")
    print_table(("turns", *columns, "file", "memory"), rows)
    print_table(("recall p95, largest : smallest",), [(f"{ratio:.2f}",)])


def run_apart(size: int, questions: int) -> dict[str, float]:
    """Measure one size in a process of its own."""
    command = [sys.executable, __file__, "--size", str(size), "--questions", str(questions)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def measure(size: int, questions: int) -> dict[str, float]:
    """Return the figures of one size."""
    with tempfile.TemporaryDirectory() as folder:
        installation = install(Path(folder))
        path = installation.locations.database
        with closing(Store(path)) as store:
            SqliteImporter(store).add(make_turns(size), "samantha")
            recalls = time_recalls(store, questions)
        turns, works = asyncio.run(time_turns(installation))
        # Last: nobody reads these for memories, and the next turns would have to.
        with closing(Store(path)) as store:
            saves = time_saves(store)
        return {
            "turns": size,
            "recall_p50_ms": statistics.median(recalls),
            "recall_p95_ms": statistics.quantiles(recalls, n=20)[-1],
            "save_p50_ms": statistics.median(saves),
            "save_p95_ms": statistics.quantiles(saves, n=20)[-1],
            "turn_p50_ms": statistics.median(turns),
            "turn_p95_ms": statistics.quantiles(turns, n=20)[-1],
            "turn_cpu_p95_ms": statistics.quantiles(works, n=20)[-1],
            "file_bytes": path.stat().st_size,
            "memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }


def install(folder: Path) -> Installation:
    """Return an installation in a folder whose model answers at once."""
    installation = read_installation({"COMPANION_HOME": str(folder)})
    script = {"script": {"kind": "scripted", "replies": ["I see."]}}
    settings = Settings(backend="script", backends=script)
    return replace(installation, settings=settings)


async def time_turns(installation: Installation) -> tuple[list[float], list[float]]:
    """Return the milliseconds of whole turns in one conversation, recall and mood included.

    First by the clock, then of all CPUs.
    """
    companion, speaker = open_companion(installation), Speaker(SEED + 3)
    conversation = await companion.begin(greet=False)
    taken, worked = [], []
    for number in range(TURNS + 1):
        text = f"Do you remember {speaker.say(3, 12)}?" if number % 2 else speaker.say(4, 40)
        started, busy = time.perf_counter(), time.process_time()
        async for _ in conversation.take_turn(text):
            pass
        taken.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    await companion.close()
    # The first one loads the mood model.
    return taken[1:], worked[1:]


def make_turns(size: int) -> Iterator[ForeignTurn]:
    """Yield conversations of some months each, one after the other."""
    speaker, at = Speaker(SEED), START
    for number in range(size):
        at += timedelta(minutes=1)
        if number % TURNS_A_SITTING == 0:
            at += timedelta(hours=12)
        role = Role.USER if number % 2 == 0 else Role.ASSISTANT
        name = "Ada" if role is Role.USER else "Samantha"
        conversation = str(number // TURNS_A_CONVERSATION)
        yield ForeignTurn(conversation, str(number), at, name, role, speaker.say(4, 40))


def time_recalls(store: Store, questions: int) -> list[float]:
    """Return the milliseconds that questions of all kinds took."""
    recaller = TurnRecaller(SqliteTurnIndex(store), {}, measure_passage)
    speaker, now = Speaker(SEED + 1), datetime.now(UTC)
    taken = []
    for number in range(questions):
        about = ("", "my dog and ", "Ada and the work of her mother in May 2023 ")[number % 3]
        question = f"When did {about}{speaker.say(2, 7)}?"
        started = time.perf_counter()
        recaller.recall(question, now, 10)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def time_saves(store: Store) -> list[float]:
    """Return the milliseconds that it took to keep one message each."""
    transcript, speaker = SqliteTranscript(store), Speaker(SEED + 2)
    conversation = transcript.create_conversation("samantha", START)
    parent, taken = None, []
    for _ in range(SAVES):
        text = speaker.say(4, 40)
        started = time.perf_counter()
        message = transcript.add_user_message(conversation.id, text, "", START, parent_id=parent)
        taken.append((time.perf_counter() - started) * 1000)
        parent = message.id
    return taken


if __name__ == "__main__":
    main()
