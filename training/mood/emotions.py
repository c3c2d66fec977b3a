"""Trains the emotions and writes ``emotions.npz``."""

import numpy as np

from training.mood import corpora, teach
from training.mood.calibrate import macro_f1, platt, thresholds
from training.mood.corpora import Corpus
from training.mood.encoder import Reader, Teacher, load_teacher
from training.mood.learn import Lesson, answers, label_loss, train_student
from training.mood.places import Places
from training.mood.ship import arrays, write
from training.mood.student import Shape, Student
from training.mood.vary import varied, with_gaps
from training.mood.vocabulary import (
    choose_words,
    plain_words,
    principal,
    read,
    telling,
    word_states,
)

SHAPE = Shape()


def build_emotions(places: Places) -> None:
    """Train the emotions and write them down."""
    train = corpora.read_goemotions(places.data, "train").cut(places.most)
    teacher = teach.train_teacher(
        places.minilm, train.texts, train.targets, teach.label_loss,
        epochs=places.epochs(3), seed=2,
    )  # fmt: skip
    rows = [read(text) for text in train.texts]
    known, first, second = words_of(places, teacher, rows)
    texts = train.texts + varied(rows, known, first, times=3, seed=5)
    logits = teach.judge(teacher, places.minilm, texts)
    soft = (1 / (1 + np.exp(-logits))).astype(np.float32)
    both = np.concatenate([first / first.std(), second / second.std()], axis=1)
    lesson = Lesson([read(text) for text in texts], soft, with_gaps(train.targets, len(texts)))
    student = train_student(
        lesson, known, principal(both, SHAPE.width), SHAPE,
        epochs=places.epochs(5), seed=1, loss=label_loss,
    )  # fmt: skip
    ship(student, known, corpora.read_goemotions(places.data, "dev"), places)


def words_of(
    places: Places, teacher: Teacher, rows: list[list[str]]
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return the words that get a vector, and what two teachers make of each alone."""
    reader = Reader(places.minilm)
    more = telling(teacher, reader, plain_words(reader), 6000)
    known = choose_words(rows, 2, 15500, more)
    base = load_teacher(places.minilm, 28).eval()
    return known, word_states(base, reader, known), word_states(teacher, reader, known)


def ship(student: Student, known: list[str], dev: Corpus, places: Places) -> None:
    """Calibrate the student and write it down."""
    out = answers(student, known, [read(text) for text in dev.texts], SHAPE)
    slopes, shifts = platt(out, dev.targets)
    values = 1 / (1 + np.exp(-(out * slopes + shifts)))
    limits = thresholds(values, dev.targets)
    print(f"macro-F1 on dev: {macro_f1(values >= limits, dev.targets > 0):.4f}", flush=True)
    write(arrays(student, np.stack([slopes, shifts, limits]), known), places.out / "emotions.npz")
