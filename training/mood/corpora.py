"""Reads the corpora that the mood model learns from; none of them is part of the project."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from companion.domain.mood import EMOTIONS

PARTED = " [SEP] "
"""Parts what was asked from what is said, in a text that holds both; the teachers know it."""


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


def read_messages(folder: Path) -> Corpus:
    """Read the messages that were written for this project: labels, a tab, and the text."""
    return _ours(row for file in sorted(folder.glob("*.tsv")) for row in _rows(file))


def read_answers(folder: Path) -> Corpus:
    """Read exchanges written for this project: labels, what she said, what was answered."""
    rows = _rows(folder / "answers" / "answers.tsv")
    return _ours([labels, asked + PARTED + said] for labels, asked, said in rows)


def read_openers(folder: Path) -> list[str]:
    """Read what she may say that bears no feeling of its own."""
    return (folder / "answers" / "openers.txt").read_text(encoding="utf-8").splitlines()


def opened(corpus: Corpus, openers: list[str], many: int, seed: int) -> Corpus:
    """Return ``many`` messages by chance, each after one of her openers."""
    chance = np.random.default_rng(seed)
    rows = chance.integers(0, len(corpus.texts), many)
    asked = [openers[at] for at in chance.integers(0, len(openers), many)]
    texts = [asked[n] + PARTED + corpus.texts[row] for n, row in enumerate(rows)]
    return Corpus(texts, corpus.targets[rows])


def parted(corpus: Corpus, seed: int) -> tuple[Corpus, Corpus]:
    """Return nine tenths of a corpus, by chance, and the tenth that is left."""
    order = np.random.default_rng(seed).permutation(len(corpus.texts))
    few = len(order) // 10
    most, rest = np.sort(order[few:]), np.sort(order[:few])
    return _rows_of(corpus, most), _rows_of(corpus, rest)


def _rows_of(corpus: Corpus, rows: np.ndarray) -> Corpus:
    return Corpus([corpus.texts[at] for at in rows], corpus.targets[rows])


def _rows(file: Path) -> list[list[str]]:
    return [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]


def _ours(rows: Iterable[list[str]]) -> Corpus:
    listed = list(rows)
    targets = np.zeros((len(listed), 28), dtype=np.float32)
    for number, (labels, _) in enumerate(listed):
        targets[number, [EMOTIONS.index(label) for label in labels.split(",")]] = 1
    return Corpus([text for _, text in listed], targets)


def joined(*corpora: Corpus) -> Corpus:
    """Return corpora with the same columns, one after the other."""
    texts = [text for corpus in corpora for text in corpus.texts]
    return Corpus(texts, np.concatenate([corpus.targets for corpus in corpora]))


def read_emobank(folder: Path, split: str) -> Corpus:
    """Read a split of EmoBank: valence, arousal and dominance, from -1 to 1."""
    with (folder / "emobank" / f"{split}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    targets = np.array([[float(row[key]) for key in "VAD"] for row in rows], dtype=np.float32)
    return Corpus([row["text"] for row in rows], (targets - 3) / 2)
