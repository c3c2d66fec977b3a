"""Trains affect, on the word vectors of the emotions, and writes ``affect.npz``."""

from pathlib import Path

import numpy as np

from companion.words.network import Network
from training.mood import corpora
from training.mood.corpora import Corpus
from training.mood.encoder import Reader, load_teacher
from training.mood.learn import Lesson, affect_loss, train_student
from training.mood.places import Places
from training.mood.regress import correlations, last_step, seen_by
from training.mood.ship import arrays, write
from training.mood.student import Shape, Student
from training.mood.vary import blended, varied
from training.mood.vocabulary import choose_words, principal, read, word_states

SHAPE = Shape(width=28, buckets=2048, filters=224, state=64, under=96)
HARD = 0.3
"""How much people count beside the judge, for the texts that people judged."""
LENT = 6500
"""How many of the emotions' words, the commonest first, affect gives a vector of its own."""


def build_affect(places: Places) -> None:
    """Train the affect on what was built for the emotions, and write it down."""
    emotions = Network(places.out / "emotions.npz")
    train = corpora.read_emobank(places.data, "train").cut(places.most)
    texts, soft = judged(places, train)
    rows = [read(text) for text in train.texts]
    known, own = words_of(emotions, rows)
    start = principal(
        word_states(load_teacher(places.minilm, 3).eval(), Reader(places.minilm), known),
        SHAPE.width,
    )
    wanted = blended(soft, train.targets, HARD)
    lesson = Lesson([read(text) for text in texts], wanted)
    student = train_student(
        lesson, known, start, SHAPE,
        epochs=places.epochs(12), seed=1, loss=affect_loss, rate=3e-3, under=emotions,
    )  # fmt: skip
    dev = corpora.read_emobank(places.data, "dev")
    ship(student, own, emotions, train, soft[: len(rows)], dev, places.out / "affect.npz")


def judged(places: Places, train: Corpus) -> tuple[list[str], np.ndarray]:
    """Return texts, those of ``train`` first, and what the model shipped before says of them."""
    other = corpora.read_goemotions(places.data, "train").cut(places.most).texts
    rows = [read(text) for text in train.texts]
    often = choose_words([read(text) for text in other], 8, 9000, [])
    words = choose_words(rows, 2, 9500, often)
    states = word_states(load_teacher(places.minilm, 3).eval(), Reader(places.minilm), words)
    texts = train.texts + varied(rows, words, states, times=6, seed=7) + other[:40000]

    before = Network(places.before / "emotions.npz")
    affect = Network(places.before / "affect.npz", before)
    weights = affect.calibration
    seen = seen_by(before, affect, [read(text) for text in texts])
    return texts, (seen @ weights[:-1] + weights[-1]).astype(np.float32)


def words_of(emotions: Network, rows: list[list[str]]) -> tuple[list[str], list[str]]:
    """Return the words that get a vector, and those of them that the emotions do not lend."""
    lent = list(emotions.rows)[:LENT]
    known = set(lent)
    own = [word for word in choose_words(rows, 2, 20000, []) if word not in known]
    return lent + own, own


def ship(
    student: Student,
    own: list[str],
    emotions: Network,
    train: Corpus,
    soft: np.ndarray,
    dev: Corpus,
    file: Path,
) -> None:
    """Fit the last step to what the student says as the package reads it, and write both."""
    write(arrays(student, np.zeros((1, 3)), own), file)
    affect = Network(file, emotions)
    seen, later = (
        seen_by(emotions, affect, [read(text) for text in corpus.texts]) for corpus in (train, dev)
    )
    weights = last_step(seen, 0.5 * train.targets + 0.5 * soft, later, dev.targets)
    given = later @ weights[:-1] + weights[-1]
    print(f"V, A, D on dev: {correlations(given, dev.targets)}", flush=True)
    write(arrays(student, weights, own), file)
