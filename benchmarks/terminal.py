"""Whether any text can drive the terminal: many hostile ones through every gate.

    uv run --group test python benchmarks/terminal.py [--cases 100000] [--json]

Each case is stored, shown (plain, as Markdown, and as Markdown that grows) and printed as
JSON; what must hold of it stands in ``tests/hostile_text.py``. A case that fails is told and
ends the run with status 1.
"""

import argparse
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.cli.output import print_json, print_table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from hostile_text import TEXTS, check_json, check_shown, check_stored


def main() -> None:
    """Run the cases and print how many there were and how long they took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    started = time.perf_counter()
    done = run(arguments.cases)
    seconds = round(time.perf_counter() - started, 1)
    if arguments.json:
        print_json({"cases": done, "failures": 0, "seconds": seconds})
    else:
        print_table(("cases", "failures", "seconds"), [(str(done), "0", str(seconds))])


def run(cases: int) -> int:
    """Run so many cases; return how many there were. Raises where one fails."""
    done = 0

    @settings(
        max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(TEXTS, st.integers(0, 50))
    def check(text: str, cut: int) -> None:
        nonlocal done
        done += 1
        check_stored(text, cut)
        check_shown(text)
        check_json(text)

    check()
    return done


if __name__ == "__main__":
    main()
