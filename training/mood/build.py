"""Trains the mood model and writes the files that the package ships.

python -m training.mood.build DATA MINILM BEFORE OUT [--quick] [--threads N]
"""

import argparse
from pathlib import Path

import torch

from training.mood.affect import build_affect
from training.mood.emotions import build_emotions
from training.mood.places import Places


def main() -> None:
    """Build both files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    for name in ("data", "minilm", "before", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--quick", action="store_true", help="a few texts, to see that it runs")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    places = Places(given.data, given.minilm, given.before, given.out, given.quick)
    places.out.mkdir(parents=True, exist_ok=True)
    build_emotions(places)
    build_affect(places)


if __name__ == "__main__":
    main()
