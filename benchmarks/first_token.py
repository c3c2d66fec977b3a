"""Time to the first word of a turn: our engine beside the bare server.

Twenty turns go through the whole engine (prompt layer, SQLite, safety) and the same
twenty lines through another copy of the same server with nothing but the plain
history, alternately, in one run. If the stable part of our prompt is reused, both
read only what is new, and the ratio is near 1.

    uv run python benchmarks/first_token.py [--model qwen2.5-1.5b] [--turns 20] [--json]
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

from companion.assembly import open_companion
from companion.cli.output import print_json, print_notice, print_table
from companion.conversation.companion import Companion
from companion.conversation.engine import Conversation
from companion.domain.message import PromptMessage, Role
from companion.domain.model import TextDelta
from companion.domain.preparation import ModelNeeded
from companion.domain.turn_events import ReplyEnded, ReplyStarted, ReplyText
from companion.installation import Installation, make_backend
from companion.locations import Locations, find_locations, find_prompts_folders
from companion.protocols.model import Backend
from companion.settings import Settings

LINES = (
    "Hi, I just came home.",
    "It was a long day, the bus broke down twice.",
    "Mostly I stood in the rain and thought about my grandmother.",
    "She used to wait for me with soup when it rained.",
    "Leek and potato. I never learnt how she made it.",
    "My sister has the recipe, but we don't talk much.",
    "We fell out over the house, two years ago.",
    "I said things that I still hear at night.",
    "No, I haven't apologised. I wouldn't know how to start.",
    "Maybe I could ask her for the recipe.",
    "That would be a small thing, wouldn't it?",
    "She would see through it at once.",
    "But maybe she would laugh.",
    "She has a loud laugh, you hear it through two doors.",
    "I miss that, to be honest.",
    "My daughter laughs just like her.",
    "She is seven and knows everything about whales.",
    "Yesterday she told me that they sing to each other.",
    "I think I'll write to my sister tonight.",
    "Thank you for listening.",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--model", default="qwen2.5-1.5b", help="a model of the catalogue")
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    lines = [LINES[turn % len(LINES)] for turn in range(arguments.turns)]
    result = asyncio.run(measure(arguments.model, lines))
    if arguments.json:
        print_json(result)
        return
    print_table(
        ("turn", "ours (s)", "bare (s)", "ratio"),
        [
            (str(turn["turn"]), *(f"{turn[key]:.2f}" for key in ("ours", "bare", "ratio")))
            for turn in result["turns"]
        ],
    )
    print_notice(f"median ratio from the second turn on: {result['ratio_median']:.2f}")


async def measure(model: str, lines: Sequence[str]) -> dict[str, Any]:
    """Drive both sides alternately and return every figure in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        async with opened(model, Path(folder)) as (companion, bare):
            conversation = await companion.begin()
            await prepare(companion.prepare(conversation))
            history: list[PromptMessage] = []
            turns = []
            for number, line in enumerate(lines, start=1):
                ours = await take_turn(conversation, line)
                plain = await ask_plainly(bare, history, line)
                turns.append({"turn": number, "ours": ours, "bare": plain, "ratio": ours / plain})
    ratio = statistics.median(turn["ratio"] for turn in turns[1:])
    return {"model": model, "ratio_median": ratio, "turns": turns}


@asynccontextmanager
async def opened(
    model: str, folder: Path, adapter: str = ""
) -> AsyncGenerator[tuple[Companion, Backend], None]:
    """Open a companion with a database of its own, and a bare backend beside it."""
    theirs = find_locations()
    ours = Locations(folder / "config", folder / "data", folder / "cache")
    # The database is a new one; the weights are those that are here already.
    ours.data.mkdir()
    (ours.data / "models").symlink_to(theirs.models)
    local = {"kind": "local", "model": model, "adapter": adapter}
    settings = Settings(backends={"local": local})
    installation = Installation(ours, settings, find_prompts_folders(ours), {})
    companion, bare = open_companion(installation), make_backend(installation)
    try:
        await prepare(bare.prepare(()))
        yield companion, bare
    finally:
        await companion.close()
        await bare.close()


async def prepare(steps: AsyncGenerator[Any, None]) -> None:
    """Load a model that is on this machine."""
    async with aclosing(steps):
        async for step in steps:
            if isinstance(step, ModelNeeded):
                raise SystemExit(f"Fetch the model first: companion models pull {step.model}")


async def take_turn(conversation: Conversation, line: str) -> float:
    """Return the seconds between the prompt's departure and the first word."""
    started = first = 0.0
    async with aclosing(conversation.take_turn(line)) as events:
        async for event in events:
            if isinstance(event, ReplyStarted):
                started = time.monotonic()
            elif isinstance(event, ReplyText) and not first:
                first = time.monotonic()
            elif isinstance(event, ReplyEnded) and event.message.error:
                raise SystemExit(event.message.error)
    return first - started


async def ask_plainly(bare: Backend, history: list[PromptMessage], line: str) -> float:
    """Do the same with the plain history and nothing else, and add to it."""
    history.append(PromptMessage(Role.USER, line))
    started, first, pieces = time.monotonic(), 0.0, []
    async with aclosing(bare.stream_reply(history)) as parts:
        async for part in parts:
            if isinstance(part, TextDelta):
                first = first or time.monotonic()
                pieces.append(part.text)
    history.append(PromptMessage(Role.ASSISTANT, "".join(pieces)))
    return first - started


if __name__ == "__main__":
    main()
