"""How well moods are read: emotions, affect and probes, with rules and without, beside lexicons.

The corpora are not part of the project; ``--data`` names the folder that holds
``goemotions/`` and ``emobank/``.

    uv run python benchmarks/mood.py --data DIR [--split dev|test] [--probes development] [--json]
"""

import argparse
import csv
import importlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from companion.cli.output import print_json, print_table
from companion.domain.mood import AMBIGUOUS, EMOTIONS, NEGATIVE, POSITIVE, Appraisal
from companion.mood.appraiser import Appraiser, load_appraiser
from companion.mood.combine import chosen
from companion.mood.words import network_words, readable, tokens

PROBES = Path(__file__).parents[1] / "tests" / "mood" / "probes"
EKMAN = (
    ("anger", "annoyance", "disapproval"),
    ("disgust",),
    ("fear", "nervousness"),
    tuple(sorted(POSITIVE)),
    ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
    ("surprise", "realization", "confusion", "curiosity"),
    ("neutral",),
)
SINGLE = tuple((emotion,) for emotion in EMOTIONS)
SENTIMENTS = (tuple(POSITIVE), tuple(NEGATIVE), tuple(AMBIGUOUS), ("neutral",))
Labels = Sequence[Sequence[str]]
Score = Callable[[str], float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    parser.add_argument("--probes", choices=("development", "fresh", "locked"))
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    result = measure(arguments.data, arguments.split, arguments.probes)
    if arguments.json:
        print_json(result)
        return
    for name, rows in result.items():
        print_table((name, "value"), [(key, str(value)) for key, value in rows.items()])


def measure(data: Path, split: str, probes: str | None) -> dict[str, dict[str, Any]]:
    """Return every figure."""
    appraiser = load_appraiser()
    texts, gold = read_goemotions(data, split)
    seen = [appraiser.appraise(text) for text in texts]
    ruled: Labels = [one.labels for one in seen]
    alone = [network_alone(appraiser, text) for text in texts]
    result = {
        "network alone": scores(alone, gold),
        "with rules": scores(ruled, gold),
        "each label, with rules": dict(zip(EMOTIONS, each_f1(ruled, gold), strict=True)),
        "three classes": three_classes(texts, gold, ruled),
        "emobank": emobank(appraiser, data, split),
    }
    if probes:
        result[f"probes: {probes}"] = probe_rates(appraiser, probes)
    return result


def read_goemotions(data: Path, split: str) -> tuple[list[str], Labels]:
    """Return the texts and the names of their labels."""
    file = data / "goemotions" / f"{split}.tsv"
    rows = [row.rsplit("\t", 2) for row in file.read_text(encoding="utf-8").splitlines()]
    return [row[0] for row in rows], [[EMOTIONS[int(n)] for n in row[1].split(",")] for row in rows]


def network_alone(appraiser: Appraiser, text: str) -> tuple[str, ...]:
    """Return the labels that the network gives before any rule."""
    words = [appraiser.speller.mend(word) for word in network_words(tokens(readable(text)))]
    return chosen(appraiser.model.emotions(words), appraiser.model.thresholds)


def scores(given: Labels, gold: Labels) -> dict[str, float]:
    """Return macro-F1 over the emotions, the Ekman groups and the sentiment groups."""
    return {
        "macro-F1, 28 labels": mean(each_f1(given, gold)),
        "macro-F1, Ekman 7": mean(each_f1(given, gold, EKMAN)),
        "macro-F1, sentiment groups": mean(each_f1(given, gold, SENTIMENTS)),
    }


def mean(values: Sequence[float]) -> float:
    """Return the mean, as it is printed."""
    return round(sum(values) / len(values), 4)


def each_f1(given: Labels, gold: Labels, groups: Sequence[Sequence[str]] = SINGLE) -> list[float]:
    """Return the F1 of each group of labels."""
    found = []
    for group in map(set, groups):
        pairs = [
            (not group.isdisjoint(a), not group.isdisjoint(b))
            for a, b in zip(given, gold, strict=True)
        ]
        both = sum(a and b for a, b in pairs)
        found.append(round(2 * both / max(sum(a + b for a, b in pairs), 1), 4))
    return found


def three_classes(texts: Sequence[str], gold: Labels, ruled: Labels) -> dict[str, Any]:
    """Return macro-F1 of positive, negative and neither beside what lexicons reach."""
    kept = [n for n, labels in enumerate(gold) if direction(labels) != "mixed"]
    wanted = [[direction(gold[n])] for n in kept]
    names = [("positive",), ("negative",), ("neutral",)]
    ours = [[one_direction(ruled[n])] for n in kept]
    result: dict[str, Any] = {"texts": len(kept), "companion": mean(each_f1(ours, wanted, names))}
    for name, score in lexicons().items():
        theirs = [[by_score(score(texts[n]))] for n in kept]
        result[name] = mean(each_f1(theirs, wanted, names))
    return result


def direction(labels: Sequence[str]) -> str:
    """Return positive, negative, neutral or mixed."""
    up, down = not POSITIVE.isdisjoint(labels), not NEGATIVE.isdisjoint(labels)
    return "mixed" if up and down else "positive" if up else "negative" if down else "neutral"


def one_direction(labels: Sequence[str]) -> str:
    """Return the direction, the strongest one where they are mixed."""
    first = next((label for label in labels if label in POSITIVE | NEGATIVE), "neutral")
    return direction([first])


def by_score(score: float) -> str:
    """Return the direction of a lexicon's score."""
    return "positive" if score >= 0.05 else "negative" if score <= -0.05 else "neutral"


def lexicons() -> dict[str, Score]:
    """Return the public lexicons that are installed here."""
    found: dict[str, Score] = {}
    makers: dict[str, Callable[[Any], Score]] = {
        "vaderSentiment.vaderSentiment": lambda m: vader(m.SentimentIntensityAnalyzer()),
        "afinn": lambda m: m.Afinn().score,
        "textblob": lambda m: lambda text: m.TextBlob(text).sentiment.polarity,
        "nrclex": lambda m: nrc(m.NRCLex),
    }
    for name, make in makers.items():
        try:
            found[name.split(".")[0]] = make(importlib.import_module(name))
        except ImportError:
            continue
    return found


def vader(analyzer: Any) -> Score:
    """Return VADER's score of a text."""
    return lambda text: float(analyzer.polarity_scores(text)["compound"])


def nrc(lexicon: Any) -> Score:
    """Return the share of positive words less that of negative words."""

    reader = lexicon()

    def score(text: str) -> float:
        reader.load_token_list(re.findall(r"[a-z]+", text.lower()))
        counts = reader.raw_emotion_scores
        return float(counts.get("positive", 0) - counts.get("negative", 0))

    return score


def emobank(appraiser: Appraiser, data: Path, split: str) -> dict[str, float]:
    """Return how affect correlates with what people said, and its error on their scale."""
    with (data / "emobank" / f"{split}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    gold = np.array([[float(row[key]) for key in "VAD"] for row in rows])
    given = np.array([affect(appraiser, row["text"]) for row in rows])
    result = {}
    for at, name in enumerate(("valence", "arousal", "dominance")):
        result[f"{name}, r"] = round(float(np.corrcoef(given[:, at], gold[:, at])[0, 1]), 4)
        error = given[:, at] * 2 + 3 - gold[:, at]
        result[f"{name}, RMSE"] = round(float(np.sqrt((error**2).mean())), 4)
    for name, score in lexicons().items():
        theirs = np.array([score(row["text"]) for row in rows])
        result[f"valence by {name}, r"] = round(float(np.corrcoef(theirs, gold[:, 0])[0, 1]), 4)
    return result


def affect(appraiser: Appraiser, text: str) -> tuple[float, float, float]:
    """Return what the affect network alone says of a text."""
    words = [appraiser.speller.mend(word) for word in network_words(tokens(readable(text)))]
    felt = appraiser.model.feel(words)
    return felt.valence, felt.arousal, felt.dominance


def probe_rates(appraiser: Appraiser, name: str) -> dict[str, float]:
    """Return the share of probes passed, by phenomenon."""
    outcomes: defaultdict[str, list[bool]] = defaultdict(list)
    for line in (PROBES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        probe = json.loads(line)
        seen = appraiser.appraise(probe["text"], probe.get("context", ""))
        outcomes[probe["phenomenon"]].append(passes(seen, probe["expect"]))
    rates = {key: mean(list(map(float, done))) for key, done in outcomes.items()}
    return rates | {"all": mean([float(one) for done in outcomes.values() for one in done])}


def passes(seen: Appraisal, expected: dict[str, Any]) -> bool:
    """Whether an appraisal is what a probe expects."""
    labels = set(seen.labels)
    some = not expected.get("any") or bool(labels & set(expected["any"]))
    none = not labels & set(expected.get("not", []))
    return some and none and expected.get("sentiment", seen.sentiment) == seen.sentiment


if __name__ == "__main__":
    main()
