"""The probes of mood appraisal: messages, by phenomenon, with what must be seen in them.

``development.jsonl`` is for building the appraiser. ``locked.jsonl`` is for reports
alone: nobody who works on the appraiser reads it.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("probes")
LABELS = set(
    [
        "admiration",
        "amusement",
        "anger",
        "annoyance",
        "approval",
        "caring",
        "confusion",
        "curiosity",
        "desire",
        "disappointment",
        "disapproval",
        "disgust",
        "embarrassment",
        "excitement",
        "fear",
        "gratitude",
        "grief",
        "joy",
        "love",
        "nervousness",
        "optimism",
        "pride",
        "realization",
        "relief",
        "remorse",
        "sadness",
        "surprise",
        "neutral",
    ]
)
SENTIMENTS = {"positive", "negative", "neutral", "mixed", "unknown"}


def read(name: str) -> list[dict[str, Any]]:
    text = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def is_sound(probe: dict[str, Any]) -> bool:
    wanted = probe["expect"]
    some, none = set(wanted.get("any", [])), set(wanted.get("not", []))
    sentiment = wanted.get("sentiment", "neutral")
    return bool(wanted) and some | none <= LABELS and not some & none and sentiment in SENTIMENTS


def test_both_halves_are_sound_and_share_nothing() -> None:
    halves = [read("development"), read("locked")]
    assert [probe for half in halves for probe in half if not is_sound(probe)] == []
    ids = [probe["id"] for half in halves for probe in half]
    assert len(set(ids)) == len(ids) >= 400
    said = [{(probe.get("context", ""), probe["text"]) for probe in half} for half in halves]
    assert said[0] & said[1] == set()


def test_both_halves_hold_every_phenomenon_alike() -> None:
    counts = [Counter(p["phenomenon"] for p in read(name)) for name in ("development", "locked")]
    assert counts[0] == counts[1]
    assert min(counts[0].values()) >= 15
