"""Trains the emotions and writes ``emotions.npz``.

The network judges twice: as those who judged comments would, and as we judged the messages
written for this project; and it says which of the two a text is. Both judgements share word
vectors and layers, but neither has to bend to the other: what people tell a friend flatly is not
like a comment on what others wrote.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from companion.words.network import Network
from training.mood import corpora, teach
from training.mood.calibrate import macro_f1, platt, thresholds
from training.mood.corpora import Corpus
from training.mood.encoder import Reader, Teacher, load_teacher
from training.mood.kept import State, kept
from training.mood.learn import Lesson, answers, label_loss, train_student
from training.mood.places import Places
from training.mood.ship import arrays, write
from training.mood.student import Shape, Student
from training.mood.vary import blended, exchanged, mistyped, varied
from training.mood.vocabulary import (
    choose_words,
    plain_words,
    principal,
    read,
    telling,
    word_states,
)

SHAPE = Shape()
HARD = 0.35
"""How much people count beside the judge of comments, for the comments that people judged."""
FIRM = 0.65
"""The same of us and the judge of messages."""
OURS = 0.42
"""From where on a label counts in a message: our labels are even, so one limit does for all."""
LEAN = 0.7
"""How far a text is leant towards the messages, in logits: what comes in is one, as a rule."""
TYPED = 2
"""How often each message is typed again with slips."""
MESSAGES = Path(__file__).with_name("messages")


class Ours(NamedTuple):
    """What we wrote: messages, answers to what she had said, and what she may say."""

    messages: Corpus
    answers: Corpus
    openers: list[str]


def build_emotions(places: Places) -> None:
    """Train the emotions and write them down."""
    comments = corpora.read_goemotions(places.data, "train").cut(places.most)
    ours, later = written(places)
    teachers = taught(places, comments, ours)
    rows = [read(text) for text in (*comments.texts, *ours.messages.texts, *ours.answers.texts)]
    known, first, second = words_of(places, teachers, rows)
    lesson = joined(of_comments(places, comments, known, first), of_messages(
        places, teachers[1], ours, known, first,
    ))  # fmt: skip
    both = np.concatenate([first / first.std(), second / second.std()], axis=1)
    student = train_student(
        lesson, known, principal(both, SHAPE.width), SHAPE,
        epochs=places.epochs(12), seed=1, loss=label_loss,
    )  # fmt: skip
    ship(student, known, corpora.read_goemotions(places.data, "dev"), later, places)


def written(places: Places) -> tuple[Ours, Corpus]:
    """Return what we wrote, without a tenth of the messages, and that tenth."""
    messages, later = corpora.parted(corpora.read_messages(MESSAGES), seed=9)
    answered = corpora.read_answers(MESSAGES).cut(places.most)
    return Ours(messages.cut(places.most), answered, corpora.read_openers(MESSAGES)), later


def taught(places: Places, comments: Corpus, ours: Ours) -> tuple[Teacher, Teacher]:
    """Return a teacher that read the comments, and one that then read what we wrote."""
    opened = corpora.opened(ours.messages, ours.openers, len(ours.answers.texts), seed=3)
    lessons = [
        (comments, 2, teach.rising),
        (corpora.joined(ours.messages, ours.answers, opened), 6, teach.whole),
    ]
    teachers = load_teacher(places.minilm, 28), load_teacher(places.minilm, 28)
    for number, (corpus, epochs, pace) in enumerate(lessons, start=1):
        teacher = teachers[number - 1]

        def fine_tuned(
            teacher: Teacher = teacher,
            corpus: Corpus = corpus,
            epochs: int = epochs,
            pace: teach.Pace = pace,
        ) -> State:
            return teach.teach(
                teacher, places.minilm, corpus.texts, corpus.targets, teach.label_loss,
                epochs=places.epochs(epochs), seed=2, pace=pace,
            ).state_dict()  # fmt: skip

        for one in teachers[number - 1 :]:
            one.load_state_dict(kept(places.kept / f"emotions-{number}.pt", fine_tuned))
    return teachers[0].eval(), teachers[1].eval()


def of_comments(places: Places, comments: Corpus, known: list[str], states: np.ndarray) -> Lesson:
    """Return comments and variations of them, judged by the network shipped before."""
    rows = [read(text) for text in comments.texts]
    texts = varied(rows, known, states, times=3, seed=5)
    rows = [*rows, *map(read, texts)]
    before = Network(places.before / "emotions.npz")
    soft = _likely(np.stack([before.read(row).logits for row in rows]))
    return Lesson(rows, with_other(blended(soft, comments.targets, HARD), comment=True))


def of_messages(
    places: Places, teacher: Teacher, ours: Ours, known: list[str], states: np.ndarray
) -> Lesson:
    """Return messages and answers and variations of them, judged by the teacher of messages."""
    messages, answered, openers = ours
    texts = [
        *messages.texts,
        *answered.texts,
        *varied([read(text) for text in messages.texts], known, states, times=3, seed=6),
        *exchanged(answered.texts, openers, messages.texts, times=8, seed=8),
    ]

    def judge() -> State:
        return {"logits": torch.from_numpy(teach.judge(teacher, places.minilm, texts))}

    soft = _likely(kept(places.kept / "messages-judged.pt", judge)["logits"].numpy())
    people = np.concatenate([messages.targets, answered.targets])
    wanted = blended(soft, people, FIRM)
    slips = mistyped(messages.texts * TYPED, seed=10)
    wanted = np.concatenate([wanted, *[wanted[: len(messages.texts)]] * TYPED])
    return Lesson([read(text) for text in (*texts, *slips)], with_other(wanted, comment=False))


def with_other(wanted: np.ndarray, *, comment: bool) -> np.ndarray:
    """Return what is wanted beside the other judgement, which is free, and which one it is."""
    free = np.full_like(wanted, np.nan)
    which = np.full((len(wanted), 1), float(comment), dtype=np.float32)
    return np.concatenate([wanted, free, which] if comment else [free, wanted, which], axis=1)


def joined(*lessons: Lesson) -> Lesson:
    """Return lessons one after the other."""
    rows = [row for lesson in lessons for row in lesson.rows]
    return Lesson(rows, np.concatenate([lesson.wanted for lesson in lessons]))


def _likely(logits: np.ndarray) -> np.ndarray:
    return (1 / (1 + np.exp(-logits))).astype(np.float32)


def words_of(
    places: Places, teachers: tuple[Teacher, Teacher], rows: list[list[str]]
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return the words that get a vector, and what two teachers make of each alone."""
    reader = Reader(places.minilm)
    more = telling(teachers[1], reader, plain_words(reader), 6000)
    known = choose_words(rows, 2, 14500, more)
    base = load_teacher(places.minilm, 28).eval()
    return known, word_states(base, reader, known), word_states(teachers[1], reader, known)


def ship(student: Student, known: list[str], dev: Corpus, later: Corpus, places: Places) -> None:
    """Calibrate the student and write it down.

    Both judgements get the thresholds of comments; that of messages is shifted so that ``OURS``
    falls on them.
    """
    comment, message = (
        answers(student, known, [read(text) for text in corpus.texts], SHAPE)[:, part]
        for corpus, part in ((dev, slice(28)), (later, slice(28, 56)))
    )
    slopes, shifts = platt(comment, dev.targets)
    values = _likely(comment * slopes + shifts)
    limits = thresholds(values, dev.targets)
    tell("comments", values >= limits, dev)
    tell("messages", _likely(message) >= OURS, later)
    moved = np.log(limits / (1 - limits)) - np.log(OURS / (1 - OURS))
    calibration = np.stack([slopes, shifts, np.ones(28), moved, limits])
    student.out_bias.data[-1] -= LEAN
    write(arrays(student, calibration, known), places.out / "emotions.npz")


def tell(name: str, given: np.ndarray, corpus: Corpus) -> None:
    """Print how well texts that were not learned are judged."""
    print(f"macro-F1 of {name}: {macro_f1(given, corpus.targets > 0):.4f}", flush=True)
