"""How well past turns are found: plain FTS5 beside ours, on LoCoMo.

The file is in the format of snap-research/locomo. Each conversation goes into a
database of its own; the questions are asked without any model.

    uv run python benchmarks/memory.py --data locomo.json [--captions] [--json]
"""

import argparse
import json
import re
import sqlite3
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from companion.cli.output import print_json, print_notice, print_table
from companion.domain.memory import ForeignTurn, MemoryKind, Recalled
from companion.domain.message import Role
from companion.encoding.minilm import MiniLmEncoder, is_installed
from companion.memory.fusion import Fusion
from companion.memory.packing import pack
from companion.memory.recall import TurnRecaller
from companion.memory.words import STOP_WORDS, split_words
from companion.prompting.budget import measure_passage
from companion.store.database import Store
from companion.store.imports import SqliteImporter
from companion.store.turn_index import SqliteTurnIndex
from companion.store.vectors import SqliteVectorShelf

CATEGORIES = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop", 5: "adversarial"}
BUDGETS = (256, 512, 1024, 2048)
DEPTH = 200
Ask = Callable[[str], list[Recalled]]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the turns that answer it."""

    question: str
    category: int
    gold: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sample:
    """A conversation with its questions."""

    turns: tuple[ForeignTurn, ...]
    cases: tuple[Case, ...]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--captions", action="store_true", help="Add what a shared photo shows.")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    samples = [
        read_sample(entry, arguments.captions) for entry in json.loads(arguments.data.read_text())
    ]
    result: dict[str, Any] = {}
    engines = {"plain": plain_engine, "ours": our_engine}
    if is_installed():
        engines["ours with the encoder"] = our_engine_with_encoder
    else:
        print_notice("The encoder is left out: the extra embed is not installed.")
    for name, engine in engines.items():
        result[name] = measure(samples, engine)
    if arguments.json:
        print_json(result)
        return
    show(result)


def read_sample(entry: dict[str, Any], captions: bool) -> Sample:
    """Return one conversation of the file."""
    talk = entry["conversation"]
    turns: list[ForeignTurn] = []
    sessions = sorted(int(key[8:]) for key in talk if re.fullmatch(r"session_\d+", key))
    for number in sessions:
        said = datetime.strptime(
            talk[f"session_{number}_date_time"] + " +0000", "%I:%M %p on %d %B, %Y %z"
        )
        for turn in talk[f"session_{number}"]:
            role = Role.USER if turn["speaker"] == talk["speaker_a"] else Role.ASSISTANT
            text = turn["text"]
            if captions and turn.get("blip_caption"):
                text += f" [{turn['blip_caption']}]"
            turns.append(ForeignTurn("sample", turn["dia_id"], said, turn["speaker"], role, text))
    ids = {turn.id for turn in turns}
    cases = []
    for asked in entry["qa"]:
        named = re.findall(r"D\d+:\d+", " ".join(asked["evidence"]))
        if gold := ids.intersection(named):
            cases.append(Case(asked["question"], asked["category"], frozenset(gold)))
    return Sample(tuple(turns), tuple(cases))


def plain_engine(turns: Sequence[ForeignTurn], folder: Path) -> Ask:
    """FTS5 with porter stemming and bm25, stop words left out, turn by turn."""
    connection = sqlite3.connect(folder / "plain.db")
    connection.execute("CREATE VIRTUAL TABLE said USING fts5(text, tokenize='porter unicode61')")
    rows = [(f"{turn.speaker}: {turn.text}",) for turn in turns]
    connection.executemany("INSERT INTO said (text) VALUES (?)", rows)

    def ask(question: str) -> list[Recalled]:
        words = [word for word in split_words(question) if word not in STOP_WORDS]
        query = " OR ".join(f'"{word}"' for word in words)
        found = connection.execute(
            "SELECT rowid FROM said WHERE said MATCH ? ORDER BY rank LIMIT ?", (query, DEPTH)
        )
        return [as_found(turns[row[0] - 1]) for row in found]

    return ask


def as_found(turn: ForeignTurn) -> Recalled:
    """Return a turn as recall returns it."""
    return Recalled(
        *(MemoryKind.TURN, turn.id, turn.conversation, 0, 0, turn.role, turn.speaker),
        text=turn.text,
        score=0.0,
        at=turn.at,
    )


def our_engine_with_encoder(turns: Sequence[ForeignTurn], folder: Path) -> Ask:
    """Recall with the vectors of the extra ``embed``, all of them made beforehand."""
    store = Store(folder / "ours.db")
    SqliteImporter(store).add(turns, "samantha")
    fusion = Fusion(MiniLmEncoder(), SqliteVectorShelf(store))
    fusion.learn(len(turns))
    recaller = TurnRecaller(SqliteTurnIndex(store), {}, measure_passage, fusion)
    now = datetime.now(UTC)
    return lambda question: recaller.recall(question, now, DEPTH)


def our_engine(turns: Sequence[ForeignTurn], folder: Path) -> Ask:
    """Recall as the program does it, through its own database."""
    store = Store(folder / "ours.db")
    SqliteImporter(store).add(turns, "samantha")
    recaller = TurnRecaller(SqliteTurnIndex(store), {}, measure_passage)
    now = datetime.now(UTC)
    return lambda question: recaller.recall(question, now, DEPTH)


def measure(
    samples: Sequence[Sample], engine: Callable[[Sequence[ForeignTurn], Path], Ask]
) -> dict[str, dict[str, float]]:
    """Return the mean of every figure by category and, without the adversarial, over all."""
    figures: dict[str, list[dict[str, float]]] = defaultdict(list)
    for sample in samples:
        with tempfile.TemporaryDirectory() as folder:
            ask = engine(sample.turns, Path(folder))
            for case in sample.cases:
                started = time.perf_counter()
                found = ask(case.question)
                taken = time.perf_counter() - started
                figure = judge(found, case.gold) | {"ms": taken * 1000}
                figures[CATEGORIES[case.category]].append(figure)
    groups = dict(figures)
    counted = [
        figure for name, group in groups.items() if name != "adversarial" for figure in group
    ]
    groups["all but adversarial"] = counted
    groups["all"] = [figure for group in figures.values() for figure in group]
    return {
        name: {key: statistics.fmean(f[key] for f in group) for key in group[0]}
        | {"questions": len(group)}
        for name, group in groups.items()
    }


def judge(found: Sequence[Recalled], gold: frozenset[str]) -> dict[str, float]:
    """Return the figures of one answer: ``any``, the share, and ``all`` of the gold turns."""
    ranks = [rank for rank, item in enumerate(found, 1) if item.source_id in gold]
    figure = {"mrr": 1 / ranks[0] if ranks else 0.0}
    for depth in (5, 10):
        hits = sum(rank <= depth for rank in ranks)
        figure[f"any@{depth}"] = float(hits > 0)
        figure[f"recall@{depth}"] = hits / len(gold)
        figure[f"all@{depth}"] = float(hits == len(gold))
    for budget in BUDGETS:
        packed = {item.source_id for item in pack(found, budget, measure_passage)}
        figure[f"in {budget}"] = len(packed & gold) / len(gold)
    return figure


def show(result: dict[str, dict[str, dict[str, float]]]) -> None:
    """Print a table for each engine."""
    for engine, groups in result.items():
        print_notice(f"{engine}:")
        columns = [key for key in groups["all"] if key not in ("questions", "ms")]
        rows = [
            [name, str(int(figures["questions"]))]
            + [f"{figures[key]:.3f}" for key in columns]
            + [f"{figures['ms']:.1f}"]
            for name, figures in groups.items()
        ]
        print_table(["category", "questions", *columns, "ms"], rows)


if __name__ == "__main__":
    main()
