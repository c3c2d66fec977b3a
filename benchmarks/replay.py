"""How quickly recorded conversations are played again, with all that is checked in them.

Eight conversations of 50 turns are had once with a scripted model, pieced together from the
exchanges of this project (``training/exchanges``; none about danger: a card that nobody puts
aside would stand over all that follows). Their sessions are then played until so many turns
are done.

    uv run python benchmarks/replay.py [--turns 10000] [--jobs 0] [--json]
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from companion.cli.output import print_json, print_table
from companion.domain.session import HeaderLine, ReplyLine, SaidLine, Session, SessionTurn
from companion.portable.session_file import write_session_file
from companion.replay.batch import Place, compare_recorded, count_processes
from companion.replay.reading import read_files
from companion.replay.recorded import compute

EXCHANGES = Path(__file__).parents[1] / "training" / "exchanges"
SESSIONS, TURNS = 8, 50
SEED = 20261126
_DANGER = ("danger", "hint")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=0, help="processes; 0: one a processor")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = measure(arguments.turns, arguments.jobs or count_processes(), folder)
    if arguments.json:
        print_json(result)
        return
    print_table(("what", "figure"), [(name, f"{value:g}") for name, value in result.items()])


def measure(turns: int, processes: int, home: str) -> dict[str, Any]:
    """Return how long it took, and what differed, which should be nothing."""
    place = Place({"COMPANION_HOME": home})
    files = [Path(home) / f"{n}.session.jsonl" for n in range(SESSIONS)]
    for file, session in zip(files, write_sessions(), strict=True):
        write_session_file(file, compute(session, place.open()))
    recorded = read_files(files).jobs
    jobs = [recorded[n % SESSIONS] for n in range(max(1, turns // TURNS))]
    began = time.monotonic()
    compared = list(compare_recorded(place, jobs, processes))
    seconds = time.monotonic() - began
    done = sum(len(session.turns) for session in compared)
    return {
        "turns": done,
        "processes": processes,
        "seconds": round(seconds, 1),
        "milliseconds a turn and process": round(1000 * seconds * processes / done, 1),
        "turns that differ": sum(
            bool(turn.differences) for session in compared for turn in session.turns
        ),
    }


def write_sessions() -> list[Session]:
    """Return conversations of which only the words are known."""
    said = read_exchanges()
    # Not for secrets: the words shall only be the same in every run.
    random.Random(SEED).shuffle(said)
    exchanges = [exchange for conversation in said for exchange in conversation]
    starts = range(0, SESSIONS * TURNS, TURNS)
    return [
        Session(HeaderLine(bare=True), turns=write_turns(exchanges[start : start + TURNS]))
        for start in starts
    ]


def read_exchanges() -> list[list[tuple[str, str]]]:
    """Return the conversations of this project without danger, as messages and replies."""
    lines = [
        json.loads(line)
        for file in sorted(EXCHANGES.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return [
        [(turn["user"], turn["reply"]) for turn in line["turns"]]
        for line in lines
        if not line["about"].startswith(_DANGER)
    ]


def write_turns(exchanges: Sequence[tuple[str, str]]) -> tuple[SessionTurn, ...]:
    """Return the turns of a conversation, a minute apart."""
    return tuple(write_turn(n, *each) for n, each in enumerate(exchanges, 1))


def write_turn(number: int, text: str, reply: str) -> SessionTurn:
    """Return one exchange."""
    at = f"2026-11-20T20:{number:02}:00.000000Z"
    said = SaidLine(turn=number, id=2 * number, at=at, text=text)
    return SessionTurn(said, reply=ReplyLine(turn=number, id=2 * number + 1, at=at, text=reply))


if __name__ == "__main__":
    main()
