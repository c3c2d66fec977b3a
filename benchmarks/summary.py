"""How telling the sentences are that rules choose to sum up a conversation, on LoCoMo.

Of the turns of the first speaker that answer a question, how many are cited; beside it, how
many of all turns are: that is what chance would reach. "Longest" cites as many turns of each
stretch, the longest ones.

    uv run python benchmarks/summary.py --data locomo.json [--json]
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from companion.cli.output import print_json, print_table
from companion.domain.message import Message, Role, Status
from companion.domain.summaries import STRETCH
from companion.memory.extracting import extract
from memory import Sample, read_sample

_ANSWERABLE = (1, 2, 3, 4)
Choose = Callable[[Sequence[Message]], set[int]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    samples = [read_sample(entry, False) for entry in json.loads(arguments.data.read_text())]
    result = {name: measure(samples, choose) for name, choose in CHOICES.items()}
    if arguments.json:
        print_json(result)
        return
    print_table(
        ("chosen by", "turns cited", "of those that answer", "of all turns"),
        [
            (name, str(int(row["cited"])), f"{row['gold']:.1%}", f"{row['all']:.1%}")
            for name, row in result.items()
        ],
    )


def measure(samples: Sequence[Sample], choose: Choose) -> dict[str, float]:
    """Return how many turns are cited, and the shares."""
    cited = gold = hit = turns = 0
    for sample in samples:
        wanted = {g for case in sample.cases if case.category in _ANSWERABLE for g in case.gold}
        for stretch in _stretches(sample):
            chosen = choose(stretch)
            said = [each.id for each in stretch if each.role is Role.USER]
            answering = {n for n in said if sample.turns[n].id in wanted}
            cited, turns = cited + len(chosen), turns + len(said)
            gold, hit = gold + len(answering), hit + len(answering & chosen)
    return {"cited": cited, "gold": hit / gold, "all": cited / turns}


def _stretches(sample: Sample) -> Iterator[list[Message]]:
    for first in range(0, len(sample.turns) - STRETCH, STRETCH):
        yield [
            Message(n, 1, None, n, turn.role, turn.text, Status.COMPLETE, turn.at)
            for n, turn in enumerate(sample.turns[first : first + STRETCH], first)
        ]


def _by_rules(stretch: Sequence[Message]) -> set[int]:
    return {turn for each in extract(stretch) for turn in each.turns}


def _longest(stretch: Sequence[Message]) -> set[int]:
    said = [each for each in stretch if each.role is Role.USER]
    said.sort(key=lambda each: -len(each.text))
    return {each.id for each in said[: len(_by_rules(stretch))]}


CHOICES: dict[str, Choose] = {"rules": _by_rules, "longest": _longest}

if __name__ == "__main__":
    main()
