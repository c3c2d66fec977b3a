"""Reads the corpora that the mood model learns from; none of them is part of the project."""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Corpus(NamedTuple):
    """Texts and, row by row, what people said of them."""

    texts: list[str]
    targets: np.ndarray

    def cut(self, most: int | None) -> "Corpus":
        """Return the first ``most`` texts, or all."""
        return Corpus(self.texts[:most], self.targets[:most])


def read_goemotions(folder: Path, split: str) -> Corpus:
    """Read a split of GoEmotions: 28 columns of zeros and ones."""
    rows = (folder / "goemotions" / f"{split}.tsv").read_text(encoding="utf-8").splitlines()
    targets = np.zeros((len(rows), 28), dtype=np.float32)
    texts = []
    for number, row in enumerate(rows):
        text, labels, _ = row.rsplit("\t", 2)
        texts.append(text)
        targets[number, [int(label) for label in labels.split(",")]] = 1
    return Corpus(texts, targets)


def read_emobank(folder: Path, split: str) -> Corpus:
    """Read a split of EmoBank: valence, arousal and dominance, from -1 to 1."""
    with (folder / "emobank" / f"{split}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    targets = np.array([[float(row[key]) for key in "VAD"] for row in rows], dtype=np.float32)
    return Corpus([row["text"] for row in rows], (targets - 3) / 2)
