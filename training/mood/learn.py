"""Trains the student on what the teachers say and on what people said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from companion.words.network import Network
from training.mood.student import Shape, Student, table_of

BATCH = 256
Loss = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Lesson:
    """Texts as words, and what the student shall say of them; nan where it may say anything."""

    rows: list[list[str]]
    wanted: np.ndarray


class Numbers:
    """Gives every word a number: the known ones first."""

    def __init__(self, known: list[str], rows: list[list[str]]) -> None:
        seen = set(known)
        other = sorted({word for row in rows for word in row} - seen)
        self.words = known + other
        self.number = {word: at for at, word in enumerate(self.words, start=1)}

    def of(self, row: list[str]) -> list[int]:
        """Return the numbers of a row of words."""
        return [self.number[word] for word in row] or [0]


def train_student(
    lesson: Lesson,
    known: list[str],
    start: np.ndarray,
    shape: Shape,
    *,
    epochs: int,
    seed: int,
    loss: Loss,
    rate: float = 2e-3,
    under: Network | None = None,
) -> Student:
    """Return a student, rounded as it will be shipped."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    numbers = Numbers(known, lesson.rows)
    ids = [numbers.of(row)[:100] for row in lesson.rows]
    table = table_of(numbers.words, shape.buckets, under)
    student = Student(start, shape, lesson.wanted.shape[1]).train()
    adam = torch.optim.AdamW(student.parameters(), lr=rate, weight_decay=0.01, fused=True)
    lengths = np.array([len(row) for row in ids])
    wanted = torch.from_numpy(lesson.wanted)
    steps = epochs * -(-len(ids) // BATCH) + epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        adam, rate, steps, pct_start=0.1, cycle_momentum=False
    )
    for epoch in range(epochs):
        student.rounding = epoch >= epochs // 2
        total = 0.0
        for rows in batches(lengths, chance):
            out = student(padded([ids[row] for row in rows]), table, 0.08)
            value = loss(out, wanted[rows])
            value.backward()
            adam.step()
            adam.zero_grad()
            schedule.step()
            total += float(value.detach()) * len(rows)
        print(f"student {seed}: epoch {epoch + 1}, loss {total / len(ids):.4f}", flush=True)
    student.rounding = True
    return student.eval()


def label_loss(out: Tensor, wanted: Tensor) -> Tensor:
    """Return the cross-entropy over independent labels, summed over those that are wanted."""
    given = ~wanted.isnan()
    entropy = functional.binary_cross_entropy_with_logits(
        out, wanted.nan_to_num(), reduction="none"
    )
    return (entropy * given).sum(1).mean()


def affect_loss(out: Tensor, wanted: Tensor) -> Tensor:
    """Return the squared error, wide enough to learn from."""
    return functional.mse_loss(out, wanted) * 60


def batches(lengths: np.ndarray, chance: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield row numbers in batches of similar length, in an order of chance."""
    order = np.lexsort((chance.random(len(lengths)), lengths + chance.integers(0, 3, len(lengths))))
    starts = chance.permutation(np.arange(0, len(order), BATCH))
    for start in starts:
        yield order[start : start + BATCH]


def padded(rows: list[list[int]]) -> Tensor:
    """Return rows of one length, filled with zeros."""
    length = max(map(len, rows))
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])


def answers(
    student: Student,
    known: list[str],
    rows: list[list[str]],
    shape: Shape,
    under: Network | None = None,
) -> np.ndarray:
    """Return the student's logits for rows of words."""
    numbers = Numbers(known, rows)
    table = table_of(numbers.words, shape.buckets, under)
    out = []
    with torch.inference_mode():
        for start in range(0, len(rows), 512):
            ids = [numbers.of(row)[:100] for row in rows[start : start + 512]]
            out.append(student(padded(ids), table))
    return torch.cat(out).numpy()
