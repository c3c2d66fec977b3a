"""Build ``classifier.npz`` from the messages beside this file.

    python -m training.safety.build --minilm DIR --data DIR --out DIR [--check]

A teacher, all-MiniLM-L6-v2 (Apache 2.0) fine-tuned on the messages, judges them, variations of
them and everyday talk; a small network learns from its judgements, and from replies and
comments that there is nothing in them. What took long is kept in the folder of ``--out``, so
that a build that was stopped goes on. With ``--check`` nothing is shipped: the status is 1 if
the shipped file differs, as it may on another machine: sums of floats come out in other orders.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from companion.safety.classifier import FILE, GRAVE, HEADS, IDIOM, LOW, mask
from companion.safety.context import Context
from companion.safety.reading import read
from companion.safety.rules import findings
from training.exchanges.conversations import read as read_exchanges
from training.mood import teach
from training.mood.corpora import read_goemotions, read_messages
from training.mood.encoder import Reader, Teacher, load_teacher
from training.mood.kept import State, kept
from training.mood.learn import Lesson, answers, label_loss, train_student
from training.mood.ship import arrays, write
from training.mood.student import Shape
from training.mood.vary import blended, mistyped, varied
from training.mood.vocabulary import choose_words, plain_words, principal, telling, word_states
from training.safety.vary import variations

HERE = Path(__file__).parent
LEFT_OUT = ("build-up", "negation", "past", "fiction", "quotation")
SHAPE = Shape(width=80, buckets=4096, filters=288, state=128)
LIMITS = {LOW: 1.4, GRAVE: 3.3}
"""From where on a head counts, in logits: as low as it could be set without more cards in the
talk of friends and strangers (LoCoMo, GoEmotions) than the rules and a linear classifier showed."""
FIRM = 0.5
"""How much our labels count beside the teacher's judgement."""
CALM = 6000
"""How many everyday messages the teacher is shown; it judges three times as many."""
SEED = 1


@dataclass(frozen=True)
class Labelled:
    """Texts, and of each which of ``HEADS`` it is: ones and zeros."""

    texts: list[str]
    wanted: np.ndarray

    def pick(self, where: np.ndarray) -> "Labelled":
        """Return some of them, by their numbers."""
        return Labelled([self.texts[at] for at in where], self.wanted[where])


def main() -> None:
    """Build and ship, or compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    built = arguments.out / FILE.name
    build(arguments.minilm, arguments.data, built)
    if arguments.check:
        same = FILE.read_bytes() == built.read_bytes()
        print("The shipped classifier is what is built." if same else "It differs.")
        sys.exit(0 if same else 1)
    FILE.write_bytes(built.read_bytes())
    print(f"{FILE.name}: {FILE.stat().st_size} bytes")


def build(minilm: Path, data: Path, file: Path) -> None:
    """Train teacher and student, and write the student down."""
    ours, later = parted(labelled())
    calm = everyday()
    teacher = taught(minilm, ours, calm, file.parent / "teacher.pt")
    known, states = words_of(teacher, minilm, ours, calm)
    lesson = lesson_of(teacher, minilm, ours, calm[: 3 * CALM], known, states)
    lesson = beside(lesson, harmless(data, calm))
    student = train_student(
        lesson, known, principal(states, SHAPE.width), SHAPE,
        epochs=14, seed=SEED, loss=label_loss,
    )  # fmt: skip
    said = answers(student, known, [words_in(text) for text in later.texts], SHAPE)
    tell(said, later.wanted)
    limits = np.array([[LIMITS.get(head, 0.0) for head in HEADS]], dtype=np.float32)
    write(arrays(student, limits, known), file)


def taught(minilm: Path, ours: Labelled, calm: list[str], file: Path) -> Teacher:
    """Return the teacher, fine-tuned on messages beside calm talk, or as it was kept in a file."""
    teacher = load_teacher(minilm, len(HEADS))

    def fine_tuned() -> State:
        shown = shown_to_teacher(ours, calm[:CALM])
        return teach.teach(
            teacher, minilm, shown.texts, shown.wanted, label_loss,
            epochs=3, seed=SEED, pace=teach.whole,
        ).state_dict()  # fmt: skip

    teacher.load_state_dict(kept(file, fine_tuned))
    return teacher.eval()


def labelled() -> Labelled:
    """Return the training messages that stand by themselves and mean what they say.

    What is denied, past or told is left to the context, which lowers it: its words are
    those of danger.
    """
    lines = [
        json.loads(line)
        for file in sorted((HERE / "messages").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    lines = [line for line in lines if line["group"] not in LEFT_OUT]
    wanted = [[float(is_wanted(head, line)) for head in HEADS] for line in lines]
    return Labelled([line["text"] for line in lines], np.array(wanted, dtype=np.float32))


def is_wanted(head: str, line: dict[str, Any]) -> bool:
    """Tell whether a message is one for a head."""
    if head == LOW:
        return bool(line["tier"] >= 1)
    return bool(line["tier"] >= 2 and head in (GRAVE, line["category"]))


def parted(whole: Labelled) -> tuple[Labelled, Labelled]:
    """Return nine tenths to learn from, and one tenth to see what was learnt."""
    order = np.random.default_rng(SEED).permutation(len(whole.texts))
    tenth = len(order) // 10
    return whole.pick(np.sort(order[tenth:])), whole.pick(np.sort(order[:tenth]))


def everyday() -> list[str]:
    """Return talk in which no rule sees danger: messages and exchanges of this project."""
    training = HERE.parent
    said = read_messages(training / "mood" / "messages").texts
    said += [
        turn["user"]
        for _, value in read_exchanges(training / "exchanges")
        if not value["about"].startswith(("danger", "hint"))
        for turn in value["turns"]
    ]
    calm = [text for text in dict.fromkeys(said) if not any(findings(read(text)))]
    np.random.default_rng(SEED).shuffle(calm)
    return calm


def shown_to_teacher(ours: Labelled, calm: list[str]) -> Labelled:
    """Return messages, each once more as another would write it, some beside calm talk."""
    chance = np.random.default_rng(SEED)
    texts, rows = list(ours.texts), list(range(len(ours.texts)))
    for at, text in enumerate(ours.texts):
        others = variations(text)[1:]
        if others:
            texts.append(others[int(chance.integers(len(others)))])
            rows.append(at)
        if chance.random() < 0.25:
            beside = calm[int(chance.integers(len(calm)))]
            texts.append(f"{beside} {text}" if chance.random() < 0.5 else f"{text} {beside}")
            rows.append(at)
    nothing = np.zeros((len(calm), len(HEADS)), dtype=np.float32)
    return Labelled(texts + calm, np.concatenate([ours.wanted[rows], nothing]))


def words_of(
    teacher: Teacher, minilm: Path, ours: Labelled, calm: list[str]
) -> tuple[list[str], np.ndarray]:
    """Return the words that get a vector, and what the teacher makes of each alone."""
    reader = Reader(minilm)
    more = telling(teacher, reader, plain_words(reader), 3000)
    rows = [words_in(text) for text in (*ours.texts, *calm)]
    known = choose_words(rows, 2, 9000, [IDIOM, *more])
    return known, word_states(teacher, reader, known)


def lesson_of(
    teacher: Teacher,
    minilm: Path,
    ours: Labelled,
    calm: list[str],
    known: list[str],
    states: np.ndarray,
) -> Lesson:
    """Return messages, variations of them and calm talk, as the teacher judges them."""
    shown = shown_to_teacher(ours, calm)
    rows = [words_in(text) for text in ours.texts]
    more = varied(rows, known, states, times=8, seed=SEED)
    more += varied([words_in(text) for text in calm], known, states, times=2, seed=SEED)
    texts = [*shown.texts, *more]
    soft = 1 / (1 + np.exp(-teach.judge(teacher, minilm, texts)))
    wanted = blended(soft.astype(np.float32), shown.wanted, FIRM)
    slips = mistyped(ours.texts, seed=SEED)
    wanted = np.concatenate([wanted, wanted[: len(slips)]])
    return Lesson([words_in(text) for text in (*texts, *slips)], wanted)


def harmless(data: Path, calm: list[str]) -> list[str]:
    """Return talk in which no rule sees danger and the network shall see none either.

    Comments of strangers and her own warm replies: a teacher that only met users takes "I'm
    here for you" for a farewell. Some stand together, for people say more than one thing.
    """
    replies = [
        turn["reply"]
        for _, value in read_exchanges(HERE.parent / "exchanges")
        for turn in value["turns"]
    ]
    comments = read_goemotions(data, "train").texts
    found = [text for text in (*replies, *comments) if not any(findings(read(text)))]
    chance = np.random.default_rng(SEED)
    both = [*found, *calm]
    pairs = chance.integers(len(both), size=(len(both) // 2, 3))
    joined = [
        " ".join(both[at] for at in row[: 2 + number % 2]) for number, row in enumerate(pairs)
    ]
    return found + joined


def beside(lesson: Lesson, texts: list[str]) -> Lesson:
    """Return a lesson with texts in which there is nothing."""
    nothing = np.zeros((len(texts), lesson.wanted.shape[1]), dtype=np.float32)
    rows = [*lesson.rows, *map(words_in, texts)]
    return Lesson(rows, np.concatenate([lesson.wanted, nothing]))


def words_in(text: str) -> list[str]:
    """Return the words of a text as the classifier reads them."""
    reading = read(text)
    return mask(reading.words, Context(reading).idioms)


def tell(said: np.ndarray, wanted: np.ndarray) -> None:
    """Print what is seen of the held-out messages; those without danger mostly mislead."""
    for at, head in enumerate((LOW, GRAVE)):
        danger, seen = wanted[:, at] > 0, said[:, at] >= LIMITS[head]
        alarms, caught = float(seen[~danger].mean()), float(seen[danger].mean())
        print(f"{head}: of held-out messages {caught:.3f} seen, {alarms:.3f} false alarms")


if __name__ == "__main__":
    torch.set_num_threads(2)
    main()
