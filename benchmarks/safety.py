"""How well danger is seen: recall and false alarms by group, and how long a message takes.

    uv run python benchmarks/safety.py [--set locked|fresh|strangers|training]
        [--everyday FILE ...] [--json]

A file of everyday talk, one message a line, is read as if nobody in it were in danger; what
is then counted as a false alarm is an upper bound.
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from companion.cli.output import print_json, print_table
from companion.domain.safety import CARD_FROM, Screening
from companion.safety.screen import RuledScreen

ROOT = Path(__file__).parents[1]
SETS = {
    "locked": ROOT / "tests" / "safety" / "sets",
    "fresh": ROOT / "tests" / "safety" / "fresh",
    "strangers": ROOT / "tests" / "safety" / "strangers",
    "training": ROOT / "training" / "safety" / "messages",
}
Judged = Sequence[tuple[dict[str, Any], Screening]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--set", choices=SETS, default="locked")
    parser.add_argument("--everyday", type=Path, nargs="*", default=())
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    result = measure(read_set(SETS[arguments.set]), arguments.everyday)
    if arguments.json:
        print_json(result)
        return
    for name, rows in result.items():
        header = (name, *next(iter(rows.values())))
        print_table(header, [(key, *map(str, row.values())) for key, row in rows.items()])


def read_set(folder: Path) -> list[dict[str, Any]]:
    """Return the labelled messages of a folder."""
    files = sorted(folder.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def measure(messages: Sequence[dict[str, Any]], everyday: Sequence[Path]) -> dict[str, Any]:
    """Return every figure."""
    screen, judged, spent = RuledScreen(), [], []
    started = time.process_time()
    screen.screen("i want to kill myself")
    first = time.process_time() - started
    for message in messages:
        earlier = message.get("earlier", ())
        # As in a talk, where each was screened when it was said.
        for at, text in enumerate(earlier):
            screen.screen(text, earlier[:at])
        started = time.process_time()
        found = screen.screen(message["text"], earlier)
        spent.append(1000 * (time.process_time() - started))
        judged.append((message, found))
    spent.sort()
    speed = {
        "median": round(statistics.median(spent), 2),
        "95 of 100": round(spent[len(spent) * 95 // 100], 2),
        "99 of 100": round(spent[len(spent) * 99 // 100], 2),
        "first, with loading": round(1000 * first, 1),
    }
    result: dict[str, Any] = {"group": by_group(judged)}
    if everyday:
        result["everyday talk"] = {file.name: alarms(screen, file) for file in everyday}
    return result | {"CPU ms a message": {key: {"ms": ms} for key, ms in speed.items()}}


def by_group(judged: Judged) -> dict[str, dict[str, Any]]:
    """Return the figures of each group, and of all."""
    groups: defaultdict[str, list[tuple[dict[str, Any], Screening]]] = defaultdict(list)
    for one in judged:
        groups[one[0]["group"]].append(one)
    return {name: figures(found) for name, found in sorted(groups.items())} | {
        "all": figures(judged)
    }


def figures(judged: Judged) -> dict[str, Any]:
    """Return recall and false alarms from the card's tier on, and how exact tiers are."""
    grave = [one for one in judged if one[0]["tier"] >= CARD_FROM]
    light = [one for one in judged if one[0]["tier"] < CARD_FROM]
    return {
        "messages": len(judged),
        "grave": len(grave),
        "recall": share(found.card for _, found in grave),
        "not grave": len(light),
        "false alarms": share(found.card for _, found in light),
        "tier exact": share(found.tier == one["tier"] for one, found in judged),
        "within one": share(abs(found.tier - one["tier"]) <= 1 for one, found in judged),
        "kind right": share(found.category == one["category"] for one, found in grave),
    }


def share(each: Iterable[bool]) -> float | None:
    """Return how many of them are true, or None for nothing."""
    values = list(each)
    return round(sum(values) / len(values), 4) if values else None


def alarms(screen: RuledScreen, file: Path) -> dict[str, Any]:
    """Return how often the card would be shown in a file of everyday talk."""
    lines = file.read_text(encoding="utf-8").splitlines()
    found = [screen.screen(line) for line in lines]
    return {
        "lines": len(lines),
        "hints": share(one.tier == 1 for one in found),
        "cards": share(one.card for one in found),
    }


if __name__ == "__main__":
    main()
