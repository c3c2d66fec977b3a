"""Build ``classifier.bin`` from the messages beside this file, the same bytes every time.

    uv run python -m training.safety.build [--check]

With ``--check`` nothing is written: the status is 1 if the shipped file differs.
"""

import argparse
import json
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from companion.safety.classifier import GRAVE, HEADS, LOW
from companion.safety.context import Context
from companion.safety.features import BUCKETS, features
from companion.safety.reading import read
from training.safety.learn import SEED, Row, learn, out_of_fold
from training.safety.vary import variations

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "src" / "companion" / "safety" / "data" / "classifier.bin"
LEFT_OUT = ("build-up", "negation", "past", "fiction", "quotation")
FALSE_ALARMS = {LOW: 0.02, GRAVE: 0.007}
"""How many messages of too low a tier may be let through, out of fold."""


def main() -> None:
    """Build and write, or compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true")
    built = build()
    if parser.parse_args().check:
        same = SHIPPED.read_bytes() == built
        print("The shipped classifier is what is built." if same else "It differs.")
        sys.exit(0 if same else 1)
    SHIPPED.write_bytes(built)
    print(f"{SHIPPED.name}: {len(built)} bytes")


def messages() -> list[dict[str, Any]]:
    """Return the training messages that stand by themselves and mean what they say.

    What is denied, past or told is left to the context, which lowers it: its words are
    those of danger.
    """
    lines = [
        json.loads(line)
        for file in sorted((HERE / "messages").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return [line for line in lines if line["group"] not in LEFT_OUT]


def build() -> bytes:
    """Return the file's bytes."""
    kept = longer(messages())
    rows = [[_row(text) for text in variations(line["text"])] for line in kept]
    heads, packed = {}, []
    for head in HEADS:
        wanted = np.array([_wanted(head, line) for line in kept])
        threshold = 0.0
        if head in FALSE_ALARMS:
            scores = out_of_fold(rows, wanted)
            threshold = float(np.quantile(scores[~wanted], 1 - FALSE_ALARMS[head]))
            caught = float((scores[wanted] >= threshold).mean())
            print(f"{head}: threshold {threshold:.3f}, caught out of fold {caught:.3f}")
        weights, bias = learn(rows, wanted)
        scale = float(np.abs(weights).max()) / 127
        packed.append(np.round(weights / scale).astype(np.int8).tobytes())
        heads[head] = {
            "bias": round(bias, 5),
            "scale": float(f"{scale:.6g}"),
            "threshold": round(threshold, 4),
        }
    return json.dumps(heads).encode() + b"\n" + zlib.compress(b"".join(packed), 9)


def longer(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the messages and, beside each, one that goes on about something harmless.

    So neither length nor what stands around danger tells for or against it.
    """
    harmless = [line["text"] for line in kept if line["tier"] == 0]
    order = np.random.default_rng(SEED).integers(len(harmless), size=len(kept))
    both = [
        line | {"text": f"{harmless[at]} {line['text']}"}
        for line, at in zip(kept, order, strict=True)
    ]
    return kept + both


def _row(text: str) -> Row:
    reading = read(text)
    numbers = sorted(features(reading, Context(reading).idioms))
    assert max(numbers, default=0) < BUCKETS
    return np.array(numbers, dtype=np.int64)


def _wanted(head: str, line: dict[str, Any]) -> bool:
    if head == LOW:
        return bool(line["tier"] >= 1)
    return bool(line["tier"] >= 2 and head in (GRAVE, line["category"]))


if __name__ == "__main__":
    main()
