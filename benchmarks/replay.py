"""How quickly recorded conversations are played again, with all that is checked in them.

Four conversations of 50 turns are had once with a scripted model, out of openings and
sentences of this project; their sessions are then played until so many turns are done.

    uv run python benchmarks/replay.py [--turns 10000] [--jobs 0] [--json]
"""

import argparse
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from companion.cli.output import print_json, print_table
from companion.domain.session import HeaderLine, ReplyLine, SaidLine, Session, SessionTurn
from companion.portable.session_file import write_session_file
from companion.replay.batch import Place, compare_recorded, count_processes
from companion.replay.reading import read_files
from companion.replay.recorded import compute

OPENINGS = Path(__file__).with_name("openings.txt")
SESSIONS, TURNS = 4, 50
SEED = 20261126
REPLY = "That sounds like a lot to carry. What was it like for you today?"


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
    # Not for secrets: the words shall only be the same in every run.
    chance = random.Random(SEED)
    said = [line.strip() for line in OPENINGS.read_text(encoding="utf-8").splitlines()]
    sentences = [line for line in said if line]
    return [
        Session(
            HeaderLine(bare=True),
            turns=tuple(
                write_turn(n, " ".join(chance.sample(sentences, 2))) for n in range(1, TURNS + 1)
            ),
        )
        for _ in range(SESSIONS)
    ]


def write_turn(number: int, text: str) -> SessionTurn:
    """Return one exchange; they are a minute apart."""
    at = f"2026-11-20T20:{number:02}:00.000000Z"
    said = SaidLine(turn=number, id=2 * number, at=at, text=text)
    return SessionTurn(said, reply=ReplyLine(turn=number, id=2 * number + 1, at=at, text=REPLY))


if __name__ == "__main__":
    main()
