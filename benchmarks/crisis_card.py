"""How long after Enter the card with whom to call is on the screen.

The real chat on a virtual terminal of 80 x 24, a real database, the real crisis screen,
and a backend that refuses connections. Each message is said in a program that was just
started and in which nothing was said before; the screen has read a draft, as it does while
somebody types.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from companion.assembly import open_companion
from companion.installation import read_installation
from companion.tui.app import CompanionApp
from companion.tui.screens.chat import ChatScreen
from companion.tui.widgets.message_input import MessageInput

MESSAGES = (
    "i want to kill myself",
    "kms",
    "they'd all be better off without me",
    "i took all my pills",
    "i keep cutting my arms",
)
DOWN = """
backend = "down"

[backends.down]
kind = "openai"
base_url = "http://127.0.0.1:9/v1"
model = "none"

[safety]
age = "adult"
"""
_PATIENCE_SECONDS = 20.0


async def measure(message: str, home: Path) -> tuple[float, float]:
    """Return the seconds from Enter until the card is painted, and those of CPU in them."""
    environ = {"COMPANION_HOME": str(home)}
    app = CompanionApp(lambda: open_companion(read_installation(environ)), theme="dark")
    async with app.run_test(size=(80, 24)) as pilot:
        chat = app.screen_stack[0]
        assert isinstance(chat, ChatScreen)
        await _until(lambda: chat.talk.conversation is not None)
        entry = chat.query_one(MessageInput)
        entry.insert(message)
        await pilot.pause()
        await chat.workers.wait_for_complete(
            [each for each in chat.workers if each.group == "care"]
        )
        began, worked = time.perf_counter(), time.process_time()
        entry.send()
        await _until(lambda: _is_painted(chat))
        return time.perf_counter() - began, time.process_time() - worked


def _is_painted(chat: ChatScreen) -> bool:
    card = next(iter(chat.query("#help-card")), None)
    if card is None or not card.region:
        return False
    strips = chat._compositor.render_strips(chat.app.size)
    return any("You can talk to somebody" in strip.text for strip in strips)


async def _until(true: Callable[[], bool]) -> None:
    until = time.perf_counter() + _PATIENCE_SECONDS
    while not true():
        if time.perf_counter() > until:
            raise SystemExit("The card did not come.")
        await asyncio.sleep(0.001)


def main() -> None:
    """Measure each message several times and print milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    taken = []
    for message in MESSAGES * options.times:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            (home / "config").mkdir()
            (home / "config/settings.toml").write_text(DOWN)
            taken.append(asyncio.run(measure(message, home)))
    waits, works = ([1000 * each for each in column] for column in zip(*taken, strict=True))
    figures = {
        "runs": len(taken),
        "median_ms": round(statistics.median(waits), 1),
        "worst_ms": round(max(waits), 1),
        "cpu_median_ms": round(statistics.median(works), 1),
        "cpu_worst_ms": round(max(works), 1),
    }
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:<14} {value}")


if __name__ == "__main__":
    main()
