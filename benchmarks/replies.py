"""Is it felt? Replies of the whole system beside the same model with a plain prompt.

Every situation is told to both. The pairs go, in random order and without names, to a
file for judging; the key goes to another. What can be counted is counted for both.

    uv run python benchmarks/replies.py --situations FILE [--model qwen2.5-1.5b]
        [--count 120] [--pairs pairs.jsonl] [--plain FILE] [--json]

The file has a header and, a line, an id and a text, parted by a tab. ``--plain`` keeps
the plain replies and uses them again, for they do not change with our prompts.
"""

import argparse
import asyncio
import csv
import json
import random
import tempfile
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

from first_token import opened
from openings import answer
from reply_errors import ERRORS, Told, find_errors

from companion.backends.failures import Server
from companion.backends.openai_compatible import OpenAICompatibleBackend
from companion.cli.output import print_json, print_table
from companion.conversation.companion import Companion
from companion.domain.message import PromptMessage, Role
from companion.domain.model import ModelProfile, TextDelta
from companion.local_model.catalogue import find_entry
from companion.local_model.engine import EmbeddedEngine
from companion.locations import find_locations
from companion.protocols.model import Backend

PLAIN_PROMPT = "You are a helpful, empathetic companion."
SEED = 20261123


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--situations", type=Path, required=True)
    parser.add_argument("--model", default="qwen2.5-1.5b", help="a model of the catalogue")
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--pairs", type=Path, help="where to write the pairs, and .key beside")
    parser.add_argument("--plain", type=Path, help="where the plain replies are kept")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    situations = read_situations(arguments.situations)[: arguments.count]
    result = asyncio.run(measure(arguments.model, situations, arguments.plain))
    if arguments.pairs:
        write_pairs(arguments.pairs, result["replies"])
    if arguments.json:
        print_json(result)
        return
    print_table(("id", "what", "in the reply"), result["found"])
    print_table(
        ("error", "ours", "plain"),
        [(name, str(ours), str(plain)) for name, (ours, plain) in result["errors"].items()],
    )


def read_situations(path: Path) -> list[tuple[str, str]]:
    """Return ids and texts."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row[0], row[1]) for row in rows[1:]]


async def measure(
    model: str, situations: list[tuple[str, str]], plain: Path | None
) -> dict[str, Any]:
    """Return every reply, and how many of each side have each error."""
    plainly = PlainReplies(plain)
    with tempfile.TemporaryDirectory() as folder:
        async with opened(model, Path(folder)) as (companion, _):
            ours = [await say(companion, number, text) for number, text in situations]
    missing = [(number, text) for number, text in situations if number not in plainly.known]
    if missing:
        async with opened_plainly(model) as backend:
            for number, text in missing:
                plainly.keep(number, await ask_plainly(backend, text))
    replies = [
        {"told": told, "ours": reply, "plain": plainly.known[told.id]} for told, reply in ours
    ]
    return count(model, replies)


class PlainReplies:
    """The plain replies, kept in a file if there is one."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        kept = path is not None and path.exists()
        self.known: dict[str, str] = json.loads(path.read_text()) if path and kept else {}

    def keep(self, number: str, reply: str) -> None:
        """Keep one more."""
        self.known[number] = reply
        if self._path:
            self._path.write_text(json.dumps(self.known, ensure_ascii=False))


@asynccontextmanager
async def opened_plainly(model: str) -> AsyncGenerator[Backend, None]:
    """Serve the same weights with nothing of ours: no biased words, no persona."""
    locations = find_locations()
    entry = find_entry(model)
    engine = EmbeddedEngine(entry, locations.models, locations.log_file, None)
    endpoint = await engine.start()
    profile = ModelProfile(reply_tokens=300, sampling=entry.sampling)
    server = Server("plain", model, endpoint.base_url, None, 60.0)
    backend = OpenAICompatibleBackend(server, endpoint, profile)
    try:
        yield backend
    finally:
        await backend.close()
        await engine.stop()


async def say(companion: Companion, number: str, text: str) -> tuple[Told, str]:
    """Return her reply in a conversation of its own, and what the model was told besides."""
    conversation = await companion.begin()
    reply = await answer(conversation, text)
    prompt = await conversation.prompt()
    shown = [message.content for message in prompt.messages[1:-3]]
    return Told(number, text, " ".join(shown)), reply


async def ask_plainly(bare: Backend, text: str) -> str:
    """Return what the model says with the plain prompt."""
    messages = [PromptMessage(Role.SYSTEM, PLAIN_PROMPT), PromptMessage(Role.USER, text)]
    async with aclosing(bare.stream_reply(messages)) as parts:
        return "".join([part.text async for part in parts if isinstance(part, TextDelta)])


def count(model: str, replies: list[dict[str, Any]]) -> dict[str, Any]:
    """Count errors of each kind, and replies with any."""
    errors = {
        side: [find_errors(each["told"], each[side]) for each in replies]
        for side in ("ours", "plain")
    }
    table = {
        name: [sum(name in found for found in errors[side]) for side in ("ours", "plain")]
        for name in ERRORS
    }
    table["any of these"] = [sum(map(bool, errors[side])) for side in ("ours", "plain")]
    table["replies"] = [len(replies)] * 2
    return {
        "model": model,
        "errors": table,
        "found": [
            (each["told"].id, ", ".join(found), each["ours"])
            for each, found in zip(replies, errors["ours"], strict=True)
            if found
        ],
        "replies": [
            {"id": r["told"].id, "text": r["told"].text, "ours": r["ours"], "plain": r["plain"]}
            for r in replies
        ],
    }


def write_pairs(path: Path, replies: list[dict[str, str]]) -> None:
    """Write the pairs blind and in random order, and which is which to another file."""
    # Not for secrets: the order shall only be the same in every run.
    chance = random.Random(SEED)
    lines, key = [], {}
    for each in chance.sample(replies, len(replies)):
        sides = chance.sample(["ours", "plain"], 2)
        pair = {"id": each["id"], "text": each["text"]}
        lines.append(json.dumps(pair | dict(zip("AB", map(each.get, sides), strict=True))))
        key[each["id"]] = "AB"[sides.index("ours")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.with_suffix(".key").write_text(json.dumps(key), encoding="utf-8")


if __name__ == "__main__":
    main()
