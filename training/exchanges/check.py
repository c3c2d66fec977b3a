"""Measures how varied the conversations are, and holds them to their rules.

    uv run python -m training.exchanges.check [FOLDER] [--json]

Ends with status 1 where a line has another form, a reply breaks a rule or a figure its limit.
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from training.exchanges.conversations import Conversation, read, understand
from training.exchanges.measures import Measure, newness, size, variety
from training.exchanges.rules import faults

HERE = Path(__file__).parent
EXEMPLARS = HERE.parents[1] / "prompts/exemplars"
PROBES = HERE.parents[1] / "tests/mood/probes/development.jsonl"


def main() -> int:
    """Check, print and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=HERE)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    conversations, wrong = load(arguments.folder)
    wrong += broken_rules(conversations)
    figures = measured(conversations)
    report = as_json if arguments.json else as_table
    print(report(figures, wrong))
    return 1 if wrong or not all(figure.holds for figure in figures) else 0


def load(folder: Path) -> tuple[list[Conversation], list[str]]:
    """Return the conversations of a folder, and what is wrong with the form of others."""
    conversations, wrong = [], []
    try:
        for where, value in read(folder):
            try:
                conversations.append(understand(where, value))
            except ValueError as error:
                wrong.append(str(error))
    except ValueError as error:
        wrong.append(str(error))
    return conversations, wrong


def broken_rules(conversations: Sequence[Conversation]) -> list[str]:
    """Return one line for each rule that a reply breaks."""
    return [
        f"{conversation.where}, turn {number}: {fault}: {turn.reply}"
        for conversation in conversations
        for number, turn in enumerate(conversation.turns, 1)
        for fault in faults(turn)
    ]


def measured(conversations: Sequence[Conversation]) -> list[Measure]:
    """Return all figures over the conversations."""
    exemplars = [
        exemplar
        for path in sorted(EXEMPLARS.glob("*.toml"))
        for exemplar in tomllib.loads(path.read_text(encoding="utf-8"))["exemplar"]
    ]
    probes = [json.loads(line)["text"] for line in PROBES.read_text("utf-8").splitlines()]
    users = [exemplar["user"] for exemplar in exemplars] + probes
    replies = [turn.reply for conversation in conversations for turn in conversation.turns]
    return [
        *size(conversations),
        *variety(replies),
        *newness(conversations, users, [exemplar["reply"] for exemplar in exemplars]),
    ]


def as_table(figures: Sequence[Measure], wrong: Sequence[str]) -> str:
    """Return the figures with their limits, and under them what is wrong."""
    rows = [
        f"{figure.name:46}{figure.value:>9.4g}  {_limits(figure):14}"
        + ("" if figure.holds else "BROKEN")
        for figure in figures
    ]
    return "\n".join([*(row.rstrip() for row in rows), *wrong])


def as_json(figures: Sequence[Measure], wrong: Sequence[str]) -> str:
    """Return the same for other programs."""
    return json.dumps(
        {"figures": [asdict(f) | {"holds": f.holds} for f in figures], "wrong": list(wrong)},
        indent=2,
    )


def _limits(figure: Measure) -> str:
    least = "" if figure.least is None else f"≥ {figure.least:g}"
    most = "" if figure.most is None else f"≤ {figure.most:g}"
    return f"{least} {most}".strip()


if __name__ == "__main__":
    sys.exit(main())
