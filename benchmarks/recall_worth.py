"""When recalled turns get into a prompt: where a question asks for them, and elsewhere.

Questions of LoCoMo (categories 1, 2 and 4) are asked about their conversations; what
should bring nothing back is small talk, and what other people say of their own lives.

    uv run python benchmarks/recall_worth.py --data locomo.json --others FILE [--json]

``FILE`` has one message a line (or, in a table, in the last column).
"""

import argparse
import json
import statistics
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from companion.cli.output import print_json, print_table
from companion.domain.memory import Recalled
from companion.memory.packing import pack
from companion.memory.recall import TurnRecaller
from companion.memory.worth import choose_worthy
from companion.prompting.budget import measure_passage
from companion.store.database import Store
from companion.store.imports import SqliteImporter
from companion.store.turn_index import SqliteTurnIndex
from memory import Sample, read_sample

BUDGETS = (60, 400)
SMALL_TALK = (
    *("ok", "good morning", "hi", "Hello Samantha!", "thanks", "good night, sleep well"),
    *("yes", "no", "I don't know", "haha", "how are you?", "what do you think?", "tell me more"),
    *("I'm tired", "I'm fine", "you're right", "really?", "that's nice", "I'm back", "bye"),
    *("What should I do?", "What's up?", "Can you help me?", "I had a long day", "nothing much"),
    *("It's raining again", "I can't sleep", "What time is it?", "Tell me a joke", "I love you"),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--others", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    samples = [read_sample(entry, False) for entry in json.loads(arguments.data.read_text())]
    lines = arguments.others.read_text(encoding="utf-8").splitlines()
    others = [line.split("\t")[-1] for line in lines if line.strip()]
    result = measure(samples, others)
    if arguments.json:
        print_json(result)
    else:
        print_table(("", "share"), [(name, f"{value:.3f}") for name, value in result.items()])


def measure(samples: Sequence[Sample], others: Sequence[str]) -> dict[str, float]:
    """Return how often something comes back, and how often the right thing."""
    figures: dict[str, list[float]] = {}
    for sample in samples:
        with tempfile.TemporaryDirectory() as folder:
            store = Store(Path(folder) / "talk.db")
            SqliteImporter(store).add(sample.turns, "samantha")
            recaller = TurnRecaller(SqliteTurnIndex(store), {}, measure_passage)
            for name, value in judge(recaller, sample, others):
                figures.setdefault(name, []).append(value)
            store.close()
    return {name: statistics.fmean(values) for name, values in figures.items()}


def judge(
    recaller: TurnRecaller, sample: Sample, others: Sequence[str]
) -> Iterable[tuple[str, float]]:
    """Yield a figure for every question and every message."""
    now = datetime.now(UTC)

    def recall(text: str) -> list[Recalled]:
        return choose_worthy(text, recaller.recall(text, now, 30))

    for case in sample.cases:
        if case.category in (1, 2, 4):
            found = recall(case.question)
            yield "question: something comes back", float(bool(found))
            for tokens in BUDGETS:
                told = {item.source_id for item in pack(found, tokens, measure_passage)}
                yield f"question: a gold turn in {tokens} tokens", float(bool(told & case.gold))
    for text in SMALL_TALK:
        yield "small talk: something comes back", float(bool(recall(text)))
    for text in others:
        yield "other lives: something comes back", float(bool(recall(text)))


if __name__ == "__main__":
    main()
