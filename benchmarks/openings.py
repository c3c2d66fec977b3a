"""First replies to sad openings: does she stay, or does she refuse, lecture and list?

Sixty openings written for this project go through the whole engine, each in a
conversation of its own, and what can be counted is counted.

    uv run python benchmarks/openings.py [--model qwen2.5-1.5b] [--count 60] [--json]
"""

import argparse
import asyncio
import re
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from first_token import opened

from companion.cli.output import print_json, print_table
from companion.conversation.engine import Conversation
from companion.domain.turn_events import ReplyEnded

OPENINGS = Path(__file__).with_name("openings.txt")
REFUSAL = re.compile(
    r"(can'?t|cannot|unable to|not able to|won'?t) (assist|help|do that|fulfil|discuss|provide)"
    r"|as an ai|language model|don'?t have (enough )?(context|information)",
    re.IGNORECASE,
)
LIST = re.compile(r"(^|\n)\s*([-*•]|\d+[.)])\s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--model", default="qwen2.5-1.5b", help="a model of the catalogue")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    lines = OPENINGS.read_text(encoding="utf-8").splitlines()[: arguments.count]
    result = asyncio.run(measure(arguments.model, lines))
    if arguments.json:
        print_json(result)
        return
    print_table(("she was told", "she said"), result["replies"])
    print_table(("count", "value"), [(key, str(value)) for key, value in result["counts"].items()])


async def measure(model: str, lines: Sequence[str]) -> dict[str, Any]:
    """Return every reply and the counts over them."""
    replies = []
    with tempfile.TemporaryDirectory() as folder:
        async with opened(model, Path(folder)) as (companion, _):
            for line in lines:
                conversation = await companion.begin()
                replies.append((line, await answer(conversation, line)))
    texts = [reply for _, reply in replies]
    counts = {
        "replies": len(texts),
        "refusals": sum(bool(REFUSAL.search(text)) for text in texts),
        "lists": sum(bool(LIST.search(text)) for text in texts),
        "more than one question": sum(text.count("?") > 1 for text in texts),
        "more than 60 words": sum(len(text.split()) > 60 for text in texts),
        "median words": statistics.median(len(text.split()) for text in texts),
    }
    return {"model": model, "counts": counts, "replies": replies}


async def answer(conversation: Conversation, line: str) -> str:
    """Return her reply, or stop where there is none."""
    text = ""
    async for event in conversation.take_turn(line):
        if isinstance(event, ReplyEnded):
            if event.message.error:
                raise SystemExit(event.message.error)
            text = event.message.text
    return text


if __name__ == "__main__":
    main()
