"""Trains the emotions and writes ``emotions.npz``."""

from pathlib import Path

import numpy as np
import torch

from companion.domain.mood import EMOTIONS
from training.mood import corpora, teach
from training.mood.calibrate import macro_f1, platt, thresholds
from training.mood.corpora import Corpus
from training.mood.encoder import Reader, Teacher, load_teacher
from training.mood.kept import State, kept
from training.mood.learn import Lesson, answers, label_loss, train_student
from training.mood.places import Places
from training.mood.ship import arrays, write
from training.mood.student import Shape, Student
from training.mood.vary import exchanged, varied, with_gaps
from training.mood.vocabulary import (
    choose_words,
    plain_words,
    principal,
    read,
    telling,
    word_states,
)

SHAPE = Shape()
LEAST = np.array([{"relief": 0.3, "pride": 0.25}.get(emotion, 0.0) for emotion in EMOTIONS])
"""Thresholds at least: rare in comments, these are common in messages and seen too easily."""
MESSAGES = Path(__file__).with_name("messages")


def build_emotions(places: Places) -> None:
    """Train the emotions and write them down."""
    comments = corpora.read_goemotions(places.data, "train").cut(places.most)
    messages = corpora.read_messages(MESSAGES).cut(places.most)
    answered = corpora.read_answers(MESSAGES).cut(places.most)
    openers = corpora.read_openers(MESSAGES)
    teacher = taught(places, comments, messages, answered, openers)
    train = corpora.joined(comments, messages, answered)
    rows = [read(text) for text in train.texts]
    known, first, second = words_of(places, teacher, rows)
    texts = [
        *train.texts,
        *varied(rows[: len(comments.texts)], known, first, times=1, seed=5),
        *varied([read(text) for text in messages.texts], known, first, times=5, seed=6),
        *exchanged(answered.texts, openers, messages.texts, times=8, seed=8),
    ]
    soft = judged(places, teacher, texts)
    ours = slice(len(comments.texts), len(train.texts))
    soft[ours] = (soft[ours] + train.targets[ours]) / 2
    both = np.concatenate([first / first.std(), second / second.std()], axis=1)
    lesson = Lesson([read(text) for text in texts], soft, with_gaps(train.targets, len(texts)))
    student = train_student(
        lesson, known, principal(both, SHAPE.width), SHAPE,
        epochs=places.epochs(14), seed=1, loss=label_loss,
    )  # fmt: skip
    ship(student, known, corpora.read_goemotions(places.data, "dev"), places)


def taught(
    places: Places, comments: Corpus, messages: Corpus, answered: Corpus, openers: list[str]
) -> Teacher:
    """Return a teacher that read comments twice, then all once, with ours twice."""
    teacher = load_teacher(places.minilm, 28)
    ours = (messages, answered, corpora.opened(messages, openers, len(answered.texts), seed=3))
    lessons = [
        (comments, 2, teach.rising),
        (corpora.joined(comments, *ours, *ours), 1, teach.falling),
    ]
    for number, lesson in enumerate(lessons, start=1):

        def fine_tuned(lesson: tuple[Corpus, int, teach.Pace] = lesson) -> State:
            corpus, epochs, pace = lesson
            return teach.teach(
                teacher, places.minilm, corpus.texts, corpus.targets, teach.label_loss,
                epochs=places.epochs(epochs), seed=2, pace=pace,
            ).state_dict()  # fmt: skip

        teacher.load_state_dict(kept(places.kept / f"emotions-{number}.pt", fine_tuned))
    return teacher.eval()


def judged(places: Places, teacher: Teacher, texts: list[str]) -> np.ndarray:
    """Return how likely the teacher finds each emotion in each text."""

    def judge() -> State:
        return {"logits": torch.from_numpy(teach.judge(teacher, places.minilm, texts))}

    logits = kept(places.kept / "emotions-judged.pt", judge)["logits"].numpy()
    return (1 / (1 + np.exp(-logits))).astype(np.float32)


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
    limits = np.maximum(thresholds(values, dev.targets), LEAST)
    print(f"macro-F1 on dev: {macro_f1(values >= limits, dev.targets > 0):.4f}", flush=True)
    write(arrays(student, np.stack([slopes, shifts, limits]), known), places.out / "emotions.npz")
