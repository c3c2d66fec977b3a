"""Kill -9 at random moments, and what is left: nothing lost, nothing half.

A child process talks (with a reply that streams over HTTP on loopback), migrates, imports,
backs up, restores or erases until it is killed; then the next start looks at the files.

    uv run python benchmarks/crash.py [--kills 1000] [--seed 1] [--json]
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from served import answering

from companion.cli.output import print_json, print_table
from crash_activities import (
    REPLY,
    BackingUp,
    Erasing,
    Home,
    Importing,
    Migrating,
    Restoring,
    Talking,
)
from crash_locking import Locking
from crashes import Activity, Wreck, kill_once, measure_rounds

_MEASURES = ("kills", "lost", "corrupt", "partial", "worst", "unmarked", "survived")


def set_up(folder: Path, base_url: str) -> dict[str, Activity]:
    """Return everything that is killed, each in a folder of its own."""
    return {
        "talking": Talking(Home(folder / "talking", base_url)),
        "migrating": Migrating(folder / "migrating"),
        "importing": Importing(Home(folder / "importing")),
        "backing up": BackingUp(Home(folder / "backing")),
        "restoring": Restoring(Home(folder / "restoring"), damaged=False),
        "replacing": Restoring(Home(folder / "replacing"), damaged=True),
        "erasing": Erasing(Home(folder / "erasing")),
        "locking": Locking(Home(folder / "locking")),
    }


def kill_many(kills: int, seed: int) -> Mapping[str, list[Wreck]]:
    """Kill each activity about as often; return what each kill left."""
    chance = random.Random(seed)
    with (
        tempfile.TemporaryDirectory(dir=_find_quick_folder()) as folder,
        answering("slow", REPLY) as base_url,
    ):
        activities = set_up(Path(folder), base_url)
        spans = {name: measure_rounds(each) for name, each in activities.items()}
        wrecks: dict[str, list[Wreck]] = {name: [] for name in activities}
        names = list(activities)
        for number in range(kills):
            name = names[number % len(names)]
            wrecks[name].append(kill_once(activities[name], spans[name], chance))
    return wrecks


def _find_quick_folder() -> str | None:
    """Return a folder in memory, if there is one: what kill -9 leaves is the same there."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def sum_up(wrecks: list[Wreck]) -> dict[str, int]:
    """Return the figures of an activity; ``worst`` is the most partial replies of one kill."""
    return {
        "kills": len(wrecks),
        "lost": sum(each.lost for each in wrecks),
        "corrupt": sum(each.corrupt for each in wrecks),
        "partial": sum(each.partial for each in wrecks),
        "worst": max((each.partial for each in wrecks), default=0),
        "unmarked": sum(each.unmarked for each in wrecks),
        "survived": sum(each.survived for each in wrecks),
    }


def main() -> None:
    """Kill and print; the exit status is 1 unless everything is as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = kill_many(options.kills, options.seed)
    figures = {name: sum_up(wrecks) for name, wrecks in found.items()}
    if options.json:
        print_json(figures)
    else:
        rows = [(name, *(str(each[m]) for m in _MEASURES)) for name, each in figures.items()]
        print_table(("", *_MEASURES), rows)
    sys.exit(not all(each.sound for wrecks in found.values() for each in wrecks))


if __name__ == "__main__":
    main()
