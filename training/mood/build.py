"""Trains the mood model and writes the files that the package ships."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from companion.mood.network import Network
from training.mood import corpora, teach
from training.mood.calibrate import macro_f1, platt, thresholds
from training.mood.encoder import Reader, Teacher, load_teacher
from training.mood.learn import Lesson, affect_loss, answers, label_loss, train_student
from training.mood.regress import ridge, seen_by
from training.mood.ship import arrays, write
from training.mood.student import Shape
from training.mood.vary import vary
from training.mood.vocabulary import (
    choose_words,
    neighbours,
    plain_words,
    principal,
    read,
    telling,
    word_states,
)

EMOTION_SHAPE = Shape()
AFFECT_SHAPE = Shape(width=32, buckets=4096, filters=128, state=64)


@dataclass(frozen=True)
class Places:
    """Where everything is."""

    data: Path
    minilm: Path
    out: Path


def main() -> None:
    """Build both files."""
    torch.set_num_threads(2)
    places = Places(*map(Path, sys.argv[1:4]))
    places.out.mkdir(parents=True, exist_ok=True)
    build_emotions(places)
    build_affect(places)


def build_emotions(places: Places) -> None:
    """Train the emotions and write them down."""
    train, dev = (corpora.read_goemotions(places.data, split) for split in ("train", "dev"))
    teacher = teach.train_teacher(
        places.minilm, train.texts, train.targets, teach.label_loss, epochs=3, seed=2
    )
    reader, rows = Reader(places.minilm), [read(text) for text in train.texts]
    more = telling(teacher, reader, plain_words(reader), 6000)
    known = choose_words(rows, 2, 15500, more)
    base = load_teacher(places.minilm, 28).eval()
    first, second = (word_states(one, reader, known) for one in (base, teacher))
    texts = train.texts + varied(rows, known, first, times=3, seed=5)
    logits = teach.judge(teacher, places.minilm, texts)
    soft = (1 / (1 + np.exp(-logits))).astype(np.float32)
    start = principal(
        np.concatenate([first / first.std(), second / second.std()], axis=1), EMOTION_SHAPE.width
    )
    lesson = Lesson([read(text) for text in texts], soft, with_gaps(train.targets, len(texts)))
    student = train_student(lesson, known, start, EMOTION_SHAPE, epochs=5, seed=1, loss=label_loss)
    out = answers(student, known, [read(text) for text in dev.texts], EMOTION_SHAPE)
    slopes, shifts = platt(out, dev.targets)
    values = 1 / (1 + np.exp(-(out * slopes + shifts)))
    limits = thresholds(values, dev.targets)
    print(f"macro-F1 on dev: {macro_f1(values >= limits, dev.targets > 0):.4f}")
    write(arrays(student, np.stack([slopes, shifts, limits]), known), places.out / "emotions.npz")


def build_affect(places: Places) -> None:
    """Train the affect and write it down."""
    train, dev = (corpora.read_emobank(places.data, split) for split in ("train", "dev"))
    other = corpora.read_goemotions(places.data, "train").texts
    teacher: Teacher = teach.train_teacher(
        places.minilm, train.texts, train.targets, teach.affect_loss, epochs=4, seed=1
    )
    reader, rows = Reader(places.minilm), [read(text) for text in train.texts]
    often = choose_words([read(text) for text in other], 8, 9000, [])
    known = choose_words(rows, 2, 9500, often)
    states = word_states(load_teacher(places.minilm, 3).eval(), reader, known)
    texts = train.texts + varied(rows, known, states, times=4, seed=7) + other[:24000]
    soft = teach.judge(teacher, places.minilm, texts)
    lesson = Lesson([read(text) for text in texts], soft, with_gaps(train.targets, len(texts)))
    student = train_student(
        lesson, known, principal(states, AFFECT_SHAPE.width), AFFECT_SHAPE,
        epochs=6, seed=1, loss=affect_loss, rate=3e-3,
    )  # fmt: skip
    file = places.out / "affect.npz"
    write(arrays(student, np.zeros((1, 3)), known), file)
    networks = [Network(places.out / "emotions.npz"), Network(file)]
    seen = seen_by(networks, rows)
    weights = ridge(seen, 0.5 * train.targets + 0.5 * soft[: len(rows)], 6000)
    given = seen_by(networks, [read(text) for text in dev.texts]) @ weights[:-1] + weights[-1]
    for k in range(3):
        slope, shift = np.polyfit(given[:, k], dev.targets[:, k], 1)
        weights[:, k] *= slope
        weights[-1, k] += shift
    write(arrays(student, weights, known), file)


def varied(
    rows: list[list[str]], known: list[str], states: np.ndarray, *, times: int, seed: int
) -> list[str]:
    """Return ``times`` new texts for each row."""
    alike = neighbours(states, 7)
    near = {
        word: [known[other] for other in alike[at] if other != at and known[other].isalpha()]
        for at, word in enumerate(known)
        if word.isalpha() and len(word) > 2
    }
    near = {word: others for word, others in near.items() if others}
    chance = np.random.default_rng(seed)
    return [text for _ in range(times) for text in vary(rows, near, chance)]


def with_gaps(targets: np.ndarray, many: int) -> np.ndarray:
    """Return what people said, and nan for the texts that no one judged."""
    gaps = np.full((many, targets.shape[1]), np.nan, dtype=np.float32)
    gaps[: len(targets)] = targets
    return gaps


if __name__ == "__main__":
    main()
