"""Fine-tunes the teachers and lets them judge texts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.mood.encoder import Reader, Teacher, pad

BATCH = 64
Loss = Callable[[Tensor, Tensor], Tensor]
Pace = Callable[[float], float]
"""The learning rate, as a part of its full height, at a part of the way."""


def batches(lengths: np.ndarray, chance: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield row numbers in batches of similar length, in an order of chance."""
    order = chance.permutation(len(lengths))
    runs = []
    for start in range(0, len(order), BATCH * 50):
        run = order[start : start + BATCH * 50]
        run = run[np.argsort(lengths[run], kind="stable")]
        runs += [run[at : at + BATCH] for at in range(0, len(run), BATCH)]
    for number in chance.permutation(len(runs)):
        yield runs[number]


def teach(
    teacher: Teacher,
    folder: Path,
    texts: list[str],
    targets: np.ndarray,
    loss: Loss,
    *,
    epochs: int,
    seed: int,
    pace: Pace,
) -> Teacher:
    """Fine-tune a teacher on texts and targets, and return it."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    ids = Reader(folder).read(texts)
    lengths, wanted = np.array(list(map(len, ids))), torch.from_numpy(targets)
    steps = epochs * (-(-len(ids) // BATCH) + 1)
    adam = torch.optim.AdamW(groups(teacher.train()), weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(adam, lambda step: pace(step / steps))
    for epoch in range(epochs):
        total = 0.0
        for rows in batches(lengths, chance):
            value = loss(teacher(pad([ids[row] for row in rows])), wanted[rows])
            value.backward()
            torch.nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            adam.step()
            adam.zero_grad()
            schedule.step()
            total += float(value.detach()) * len(rows)
        print(f"teacher {seed}: epoch {epoch + 1}, loss {total / len(ids):.4f}", flush=True)
    return teacher.eval()


def rising(done: float) -> float:
    """Return the pace of a first round: up, and then even."""
    return min(1.0, 0.02 + done * 10)


def falling(done: float) -> float:
    """Return the pace of a last round: down to nothing."""
    return max(0.0, 1.0 - done)


def whole(done: float) -> float:
    """Return the pace of an only round: up, then down to nothing."""
    return min(rising(done), falling(done) / 0.9)


def groups(teacher: Teacher) -> list[dict[str, object]]:
    """Return the parameters with a learning rate that falls towards the input."""
    rates = [
        (teacher.head.parameters(), 1e-3),
        *(
            (layer.parameters(), 1.2e-4 * 0.9 ** (5 - at))
            for at, layer in enumerate(teacher.layers)
        ),
        ((*teacher.words.parameters(), *teacher.places.parameters()), 5e-5),
        (teacher.norm.parameters(), 5e-5),
    ]
    return [{"params": list(params), "lr": rate} for params, rate in rates]


def judge(teacher: Teacher, folder: Path, texts: list[str]) -> np.ndarray:
    """Return the teacher's outputs for texts."""
    out = np.zeros((len(texts), teacher.head.out_features), dtype=np.float32)
    for rows, outputs in judged(teacher, folder, texts):
        out[rows] = outputs
    return out


def judged(
    teacher: Teacher, folder: Path, texts: list[str]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the teacher's outputs with the numbers of their texts, alike in length together."""
    ids = Reader(folder).read(texts)
    order = np.argsort([len(row) for row in ids], kind="stable")
    with torch.inference_mode():
        for start in range(0, len(order), 256):
            rows = order[start : start + 256]
            yield rows, teacher(pad([ids[row] for row in rows])).numpy()


def label_loss(out: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy over independent labels, summed over them."""
    return functional.binary_cross_entropy_with_logits(out, wanted) * 28


def affect_loss(out: Tensor, wanted: Tensor) -> Tensor:
    """Squared error, wide enough to learn from."""
    return functional.mse_loss(out, wanted) * 20
