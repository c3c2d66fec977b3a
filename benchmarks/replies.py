"""Is it felt? Replies of the same weights: plainly, in our prompt layer, with the adapter.

Every situation is told to each side. Pairs of two sides go, in random order and without
names, to a file for judging; the key goes to another. What can be counted is counted.

    uv run python benchmarks/replies.py --situations FILE [--known FILE] --kept FOLDER
        [--sides plain layer adapter --adapter FILE] [--model qwen2.5-1.5b]
        [--count 120] [--pairs pairs.jsonl --of layer plain] [--json]

``--situations`` has a header and, a line, an id and a text, parted by a tab. ``--known`` has
one JSON object a line: several lines of somebody whom she knows. What was said is kept in
``--kept`` and used again: remove the file of a side that changed.
"""

import argparse
import asyncio
import csv
import json
import random
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reply_errors import ERRORS, find_errors
from reply_sides import ADAPTER, LAYER, PLAIN, Side, Situation

from companion.cli.output import print_json, print_table

SEED = 20261123


def main() -> None:
    """Measure and print."""
    arguments = read_arguments()
    if ADAPTER in arguments.sides and not arguments.adapter:
        raise SystemExit("The side adapter needs --adapter FILE.")
    situations = read_situations(arguments.situations)[: arguments.count]
    if arguments.known:
        situations += read_known(arguments.known)[: arguments.count]
    arguments.kept.mkdir(parents=True, exist_ok=True)
    sides = [Side(name, arguments.kept) for name in arguments.sides]
    for side in sides:
        adapter = str(arguments.adapter) if side.name == ADAPTER else ""
        asyncio.run(side.hear(arguments.model, situations, adapter))
    if arguments.pairs:
        chosen = [side for side in sides if side.name in arguments.of]
        write_pairs(arguments.pairs, situations, chosen)
    result = count(arguments.model, situations, sides)
    if arguments.json:
        print_json(result)
        return
    print_table(("side", "id", "what", "in the reply"), result["found"])
    names = [side.name for side in sides]
    print_table(("", *names), [(key, *map(str, row)) for key, row in result["table"].items()])


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--situations", type=Path, required=True)
    parser.add_argument("--known", type=Path, help="situations with memories, JSON Lines")
    parser.add_argument("--kept", type=Path, required=True, help="where replies are kept")
    parser.add_argument("--sides", nargs="+", default=[PLAIN, LAYER])
    parser.add_argument("--adapter", type=Path, help="a GGUF file, for the third side")
    parser.add_argument("--model", default="qwen2.5-1.5b", help="a model of the catalogue")
    parser.add_argument("--count", type=int, default=120, help="so many of each file")
    parser.add_argument("--pairs", type=Path, help="where to write pairs, and .key beside")
    parser.add_argument("--of", nargs=2, default=[LAYER, PLAIN], help="the sides of a pair")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def read_situations(path: Path) -> list[Situation]:
    """Return situations of one line."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Situation(row[0], (row[1],)) for row in rows[1:]]


def read_known(path: Path) -> list[Situation]:
    """Return situations with memories."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Situation(
            row["id"],
            tuple(line["user"] for line in row["said"]),
            tuple(row["memories"]),
            tuple(row["shows"]),
            tuple(row["betrays"]),
        )
        for row in rows
    ]


def count(model: str, situations: Sequence[Situation], sides: Sequence[Side]) -> dict[str, Any]:
    """Count errors of each kind, replies with any, and what they cost."""
    found = {
        side.name: {each.id: find_errors(each, side.said[each.id]) for each in situations}
        for side in sides
    }
    errors = {
        name: [sum(name in each for each in found[side.name].values()) for side in sides]
        for name in ERRORS
    }
    errors["any of these"] = [sum(map(bool, found[side.name].values())) for side in sides]
    costs = {
        "replies": [len(situations)] * len(sides),
        "prompt tokens, median": [_median(side, situations, "prompt_tokens") for side in sides],
        "first token, median (s)": [_median(side, situations, "first_token") for side in sides],
    }
    rows = [
        (side.name, number, ", ".join(each), side.said[number].reply)
        for side in sides
        for number, each in found[side.name].items()
        if each and side.name != PLAIN
    ]
    said = [
        {"id": each.id, "lines": each.lines}
        | {side.name: side.said[each.id].reply for side in sides}
        for each in situations
    ]
    return {"model": model, "table": errors | costs, "found": rows, "replies": said}


def _median(side: Side, situations: Sequence[Situation], figure: str) -> float | None:
    values = [getattr(side.said[each.id], figure) for each in situations]
    known = [value for value in values if value is not None]
    return round(statistics.median(known), 2) if known else None


def write_pairs(path: Path, situations: Sequence[Situation], sides: Sequence[Side]) -> None:
    """Write the pairs blind and in random order, and which is which to another file."""
    # Not for secrets: the order shall only be the same in every run.
    chance = random.Random(SEED)
    lines, key = [], {}
    for each in chance.sample(list(situations), len(situations)):
        order = chance.sample(list(sides), 2)
        replies = {name: side.said[each.id].reply for name, side in zip("AB", order, strict=True)}
        pair = {"id": each.id, "memories": each.memories, "lines": each.lines} | replies
        lines.append(json.dumps(pair, ensure_ascii=False))
        key[each.id] = {name: side.name for name, side in zip("AB", order, strict=True)}
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.with_suffix(".key").write_text(json.dumps(key), encoding="utf-8")


if __name__ == "__main__":
    main()
