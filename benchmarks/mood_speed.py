"""How quickly moods are read: loading, one message, five thousand, and the size of the data.

uv run python benchmarks/mood_speed.py [--file MESSAGES] [--json]
"""

import argparse
import random
import statistics
import time
from pathlib import Path

from companion.cli.output import print_json, print_table
from companion.mood import lexicon

WORDS = [
    "i",
    "you",
    "we",
    "she",
    "it",
    "the",
    "a",
    "my",
    "your",
    "not",
    "so",
    "very",
    "really",
    "just",
    "that",
    "this",
    "is",
    "was",
    "am",
    "are",
    "feel",
    "felt",
    "happy",
    "sad",
    "angry",
    "tired",
    "work",
    "home",
    "friend",
    "mother",
    "yesterday",
    "today",
    "tomorrow",
    "because",
    "but",
    "and",
    "never",
    "always",
    "people",
    "think",
    "know",
    "want",
    "love",
    "hate",
    "miss",
    "good",
    "bad",
    "great",
    "terrible",
    "thing",
    "day",
    "week",
    "doctor",
    "job",
    "game",
]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--file", type=Path, help="messages, one a line; without it, made up")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    lines = arguments.file.read_text(encoding="utf-8").splitlines() if arguments.file else made_up()
    result = measure([lines[number % len(lines)] for number in range(5000)])
    if arguments.json:
        print_json(result)
        return
    print_table(("figure", "value"), [(key, str(value)) for key, value in result.items()])


def made_up() -> list[str]:
    """Return messages as long as those of GoEmotions: about 13 words."""
    chance = random.Random(1)
    return [" ".join(chance.choices(WORDS, k=chance.randint(3, 23))) + "." for _ in range(5000)]


def measure(lines: list[str]) -> dict[str, float]:
    """Return every figure."""
    begun = time.perf_counter()
    from companion.mood.appraiser import load_appraiser

    appraiser = load_appraiser()
    imported = time.perf_counter()
    appraiser.appraise("I am here.")
    loaded = time.perf_counter()
    took = []
    for line in lines:
        start = time.perf_counter()
        appraiser.appraise(line)
        took.append((time.perf_counter() - start) * 1000)
    sizes = [file.stat().st_size for file in lexicon.DATA.iterdir() if file.is_file()]
    return {
        "import and load, s": round(imported - begun, 3),
        "first message, s": round(loaded - imported, 3),
        "a message, ms, median": round(statistics.median(took), 3),
        "a message, ms, p95": round(statistics.quantiles(took, n=20)[-1], 3),
        f"{len(lines)} messages, s": round(sum(took) / 1000, 2),
        "data files, MB": round(sum(sizes) / 1e6, 3),
    }


if __name__ == "__main__":
    main()
