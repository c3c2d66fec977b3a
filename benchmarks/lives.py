"""What she remembers over a life: invented people, played through the real program.

The lives, and what must hold in each, are in ``tests/lives``. Of those that are held out
only figures are shown: they are not there to be tuned on.

    uv run python benchmarks/lives.py [--errors] [--life NAME] [--json]
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from companion.cli.output import print_json, print_table
from life import Life, read_lives
from life_judge import SHARES, Verdict, figures, judge
from life_player import play


def look_at(lives: Sequence[Life]) -> list[Verdict]:
    """Play lives, each with a database of its own, and judge them."""
    verdicts: list[Verdict] = []
    for life in lives:
        with tempfile.TemporaryDirectory() as home:
            verdicts += judge(asyncio.run(play(life, Path(home))))
    return verdicts


def print_errors(verdicts: Sequence[Verdict]) -> None:
    """Print everything that should have held and did not."""
    for each in sorted(verdicts, key=lambda each: each.measure):
        if not each.holds:
            print(f"{each.measure}  {each.life} {each.at}  {each.said!r}\n    {each.told}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--errors", action="store_true", help="Errors in the half to work with.")
    parser.add_argument("--life", help="Only this one, by the name of its file.")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    lives = [life for life in read_lives() if arguments.life in (None, life.name)]
    halves = {
        "held_out": look_at([life for life in lives if life.held_out]),
        "development": look_at([life for life in lives if not life.held_out]),
    }
    if arguments.errors:
        print_errors(halves["development"])
    results = {half: figures(verdicts) for half, verdicts in halves.items()}
    if arguments.json:
        print_json(results)
        return
    rows = [
        (measure, *(_show(measure, figure[measure]) for figure in results.values()))
        for measure in results["held_out"]
    ]
    print_table(("measure", *results), rows)


def _show(measure: str, figure: dict[str, float]) -> str:
    of, failed = figure["of"], figure["failed"]
    share = f" ({(of - failed) / of:.1%})" if of and measure in SHARES else ""
    return f"{of - failed:.0f} of {of:.0f}{share}" if share else f"{failed:.0f} failed of {of:.0f}"


if __name__ == "__main__":
    main()
