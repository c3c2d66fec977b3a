"""Build ``second.npz``: a second reader, asked where the first network is in doubt.

    python -m training.safety.second --minilm DIR --data DIR --out DIR
        [--begin WEIGHTS.pt] [--epochs N] [--rate R]

Three of the six layers of the teacher of ``build.py``, or those of an earlier round, thinned, learn
to see what all six see (Sanh et al. 2019, "DistilBERT"), and that in hard everyday talk there is
nothing. What took long is kept in ``--out``: a build that was stopped goes on with the epoch that
it was in.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from companion.safety.classifier import SECOND_FILE
from training.mood.kept import State, kept
from training.mood.ship import write
from training.mood.teach import BATCH, batches, label_loss
from training.mood.teach import whole as pace
from training.safety.build import SEED
from training.safety.doubts import lesson
from training.safety.ship import arrays, pieces_kept
from training.safety.student import Student, load_student

AS_SEEN = 2.0
"""How much it counts to see what the teacher sees, beside judging as it does."""


def main() -> None:
    """Build and ship."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--begin", type=Path, help="weights of an earlier round")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    given = parser.parse_args()
    learnt = kept(given.out / "lesson.pt", lambda: lesson(given.minilm, given.data, given.out))
    student = load_student(given.minilm, given.begin, given.out / "teacher.pt", learnt["ids"])
    course = Course(student, learnt, given.epochs, given.rate, given.out / "second.pt")
    course.go_on()
    names = pieces_kept(given.minilm, given.data, learnt["ids"])
    write(arrays(student, *names), SECOND_FILE)
    print(f"{SECOND_FILE.name}: {SECOND_FILE.stat().st_size} bytes")


class Course:
    """Teaches a student for some epochs, and goes on where it was stopped."""

    def __init__(
        self, student: Student, learnt: State, epochs: int, rate: float, file: Path
    ) -> None:
        self._student, self._learnt, self._epochs, self._file = student, learnt, epochs, file
        self._lengths = (learnt["ids"] != 0).sum(1).numpy()
        self._scale = learnt["seen"][:4000].float().std(0)
        self._adam = torch.optim.AdamW(groups(student, rate), weight_decay=0.01, fused=True)
        steps = epochs * (-(-len(self._lengths) // BATCH) + 1)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._adam, lambda step: pace(step / steps)
        )
        self._held: list[Tensor] = []
        student.head.register_forward_pre_hook(lambda _, given: self._held.append(given[0]))

    def go_on(self) -> None:
        """Take the epochs that are left."""
        torch.manual_seed(SEED)
        first = self._resume() if self._file.exists() else 0
        self._student.train()
        for epoch in range(first, self._epochs):
            chance = np.random.default_rng((SEED, epoch))
            losses = [self._step(torch.from_numpy(rows)) for rows in batches(self._lengths, chance)]
            print(f"epoch {epoch + 1}, loss {np.mean(losses):.4f}", flush=True)
            self._keep(epoch + 1)
        self._student.eval()

    def _step(self, rows: Tensor) -> float:
        longest = int(self._lengths[rows].max())
        judged = label_loss(
            self._student(self._learnt["ids"][rows, :longest]), self._learnt["wanted"][rows]
        )
        apart = (self._held.pop() - self._learnt["seen"][rows].float()) / self._scale
        unlike = (apart.square().mean(1) * self._learnt["trusted"][rows]).mean()
        loss = judged + AS_SEEN * unlike
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._student.parameters(), 1.0)
        self._adam.step()
        self._adam.zero_grad()
        self._schedule.step()
        return float(loss.detach())

    def _keep(self, epoch: int) -> None:
        beside = self._file.with_suffix(".part")
        torch.save(
            {
                "student": self._student.state_dict(),
                "adam": self._adam.state_dict(),
                "schedule": self._schedule.state_dict(),
                "epoch": epoch,
            },
            beside,
        )
        beside.rename(self._file)

    def _resume(self) -> int:
        run = torch.load(self._file, weights_only=True)
        self._student.load_state_dict(run["student"])
        self._adam.load_state_dict(run["adam"])
        self._schedule.load_state_dict(run["schedule"])
        return int(run["epoch"])


def groups(student: Student, rate: float) -> list[dict[str, object]]:
    """Return the parameters with their learning rates; words stay as they are."""
    places = (*student.places.parameters(), *student.norm.parameters())
    return [
        {"params": list(student.head.parameters()), "lr": 4 * rate},
        {"params": list(student.layers.parameters()), "lr": rate},
        {"params": list(places), "lr": rate / 3},
    ]


if __name__ == "__main__":
    torch.set_num_threads(2)
    main()
