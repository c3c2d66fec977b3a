"""Eight hours of talk in a few minutes: does anything grow?

The real conversation, store, mood model and crisis screen, a reply that streams over HTTP
on loopback, and a clock that is moved on. A block's figures are the memory of the process
and its open files at its end, and the median CPU time of a turn, its reflection included.
CPU time counts, because a shared machine makes other times worthless.

    uv run python benchmarks/soak.py [--turns 5000] [--hours 8] [--json]
"""

import argparse
import asyncio
import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import psutil

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from served import answering

from companion.assembly import open_companion
from companion.cli.output import print_json, print_table
from companion.conversation.companion import Companion
from companion.conversation.engine import Conversation
from companion.domain.message import Status
from companion.domain.turn_events import ReplyEnded
from companion.installation import read_installation
from fakes import FakeClock

_REPLY = "That sounds like a long day. What was the best of it, and what was the worst?"
_BLOCKS = 10
_TURNS_OF_A_TALK = 250
_ALLOWED = 0.10
_SAID = (
    *("I am tired, work was long today", "My sister Ada lives in Lisbon", "What should I cook?"),
    *("I have an exam on Friday", "I love walking by the sea", "Do you remember my sister?"),
    *("It rains again", "I am glad that you are here", "No, I'm not sad, just quiet"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """Figures after some turns: megabytes, open files, milliseconds of CPU of a turn."""

    turns: int
    memory_mb: float
    files: int
    turn_cpu_ms: float


async def soak(home: Path, turns: int, hours: float) -> list[Block]:
    """Talk for some hours of a simulated day."""
    clock, chance, me = FakeClock(), random.Random(3), psutil.Process()
    with patch("companion.assembly.SystemClock", lambda: clock):
        companion = open_companion(read_installation({"COMPANION_HOME": str(home)}))
    blocks: list[Block] = []
    taken: list[float] = []
    conversation = await companion.begin()
    for number in range(1, turns + 1):
        clock.advance(timedelta(hours=hours) / turns)
        if number % _TURNS_OF_A_TALK == 0:
            conversation = await companion.begin()
        taken.append(await take_turn(companion, conversation, f"{chance.choice(_SAID)} {number}"))
        if number % (turns // _BLOCKS) == 0:
            gc.collect()
            memory, files = me.memory_info().rss / 1e6, me.num_fds()
            blocks.append(Block(number, memory, files, 1000 * statistics.median(taken)))
            taken.clear()
            print(blocks[-1], file=sys.stderr, flush=True)
    await companion.close()
    return blocks


async def take_turn(companion: Companion, conversation: Conversation, text: str) -> float:
    """Take one turn and return the seconds of CPU that it took."""
    began = time.process_time()
    async with aclosing(conversation.take_turn(text)) as events:
        async for event in events:
            ended = event
    await conversation.reflect()
    await companion.keep_safe()
    if not (isinstance(ended, ReplyEnded) and ended.message.status is Status.COMPLETE):
        raise SystemExit(f"A turn failed: {ended}")
    return time.process_time() - began


def compare(blocks: list[Block]) -> dict[str, float]:
    """Return how each figure grows from after warm-up (a fifth) to the end: last to first.

    Of the straight line through the blocks (least squares), since the time of one block is
    what the machine makes it.
    """
    warm = blocks[_BLOCKS // 5 :]
    return {
        "memory": _grow([each.memory_mb for each in warm]),
        "files": _grow([each.files for each in warm]),
        "turn": _grow([each.turn_cpu_ms for each in warm]),
    }


def _grow(figures: Sequence[float]) -> float:
    slope, first = statistics.linear_regression(range(len(figures)), figures)
    return 1 + slope * (len(figures) - 1) / first


def main() -> None:
    """Talk and print; the exit status is 1 unless everything stays flat."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5000)
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    quick = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=quick) as folder, answering("good", _REPLY) as base_url:
        home = Path(folder)
        (home / "config").mkdir()
        (home / "config/settings.toml").write_text(
            f'backend = "near"\n[backends.near]\nkind = "openai"\nmodel = "m"\n'
            f'base_url = "{base_url}"\n[memory]\nencoder = false\n'
        )
        blocks = asyncio.run(soak(home, options.turns, options.hours))
    grown = compare(blocks)
    if options.json:
        print_json({"blocks": [asdict(each) for each in blocks], "last to warm": grown})
    else:
        rows = [
            (f"{b.turns}", f"{b.memory_mb:.1f}", f"{b.files}", f"{b.turn_cpu_ms:.1f}")
            for b in blocks
        ]
        print_table(("turns", "memory MB", "files", "CPU ms a turn"), rows)
        print("last : warm  " + ", ".join(f"{name} {each:.2f}" for name, each in grown.items()))
    sys.exit(any(each > 1 + _ALLOWED for each in grown.values()))


if __name__ == "__main__":
    main()
