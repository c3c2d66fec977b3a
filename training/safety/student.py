"""What the second reader is: a thinned encoder whose last layer answers for the whole text."""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from companion.safety.classifier import HEADS
from companion.words.network import unpacked
from training.mood.encoder import HEADS as ATTENTION
from training.mood.encoder import WIDTH, Layer, Teacher, attend, ends, load_teacher
from training.mood.ship import packed
from training.safety.build import SEED

LAYERS = (0, 2, 5)
UNITS = (WIDTH, WIDTH, 2 * WIDTH)
"""How many of their inner units, 1,536 each, they keep."""
GROUP = 48
"""So many numbers of a word share a scale."""
LOOKED_AT = 2000
"""In so many texts it is seen which units are worth keeping."""


class Last(Layer):
    """A layer in which only some states are asked for, and these see all."""

    def look(self, x: Tensor, states: Tensor, mask: Tensor) -> Tensor:
        """Return what becomes of ``x``, which sees ``states`` where ``mask`` is not far below 0."""
        asked, offered, held = map(self._heads, (x, states, states), range(3))
        return self.take_in(x, attend(asked, offered, held, mask))

    def _heads(self, x: Tensor, part: int) -> Tensor:
        of = slice(part * WIDTH, (part + 1) * WIDTH)
        seen = functional.linear(x, self.mixed.weight[of], self.mixed.bias[of])
        return seen.view(*x.shape[:2], ATTENTION, -1).transpose(1, 2)


class Student(Teacher):
    """Some layers of a teacher: the last one asks for the mean and for the first state alone."""

    def __init__(self) -> None:
        super().__init__(len(HEADS))
        self.layers = nn.ModuleList([*(Layer() for _ in LAYERS[1:]), Last()])

    def see(self, ids: Tensor) -> Tensor:
        """Return the two states of the last layer for each text."""
        x, mask = self.begin(ids)
        *layers, last = self.layers
        for layer in layers:
            x = layer(x, mask)
        return last.look(ends(x, ids), x, mask)


def load_student(minilm: Path, begin: Path | None, teacher: Path, ids: Tensor) -> Student:
    """Return a thin student: of the layers of the teacher, or of an earlier round."""
    old = load_teacher(minilm, len(HEADS))
    if not begin:
        old.load_state_dict(torch.load(teacher, weights_only=True))
        old.layers = nn.ModuleList(old.layers[at] for at in LAYERS)
        state = old.state_dict()
    else:
        state = torch.load(begin, weights_only=True)["student"]
    student = Student()
    for at, layer in enumerate(student.layers):
        keep(layer, torch.arange(len(state[f"layers.{at}.widen.bias"])))
    student.load_state_dict(state)
    thin(student.eval(), ids)
    round_words(student)
    return student


def round_words(student: Student) -> None:
    """Give the words the numbers that are shipped, and leave them so: the rest learns to bear it.

    Four bits a number, rounded after the training, moved outputs by up to 0.8.
    """
    weight = student.words.weight
    rounded = unpacked(*packed(weight.detach().numpy().reshape(-1, GROUP)))
    student.words.weight = nn.Parameter(
        torch.from_numpy(rounded.reshape(weight.shape)), requires_grad=False
    )


def thin(student: Student, ids: Tensor) -> None:
    """Drop the inner units that give least: how far they are from 0, times their way out."""
    felt = [torch.zeros(layer.widen.out_features) for layer in student.layers]

    def feel(at: int, out: Tensor) -> None:
        felt[at] += functional.gelu(out).abs().sum((0, 1))

    hooks = [
        layer.widen.register_forward_hook(lambda _, __, out, at=at: feel(at, out))
        for at, layer in enumerate(student.layers)
    ]
    some = torch.randperm(len(ids), generator=torch.Generator().manual_seed(SEED))[:LOOKED_AT]
    with torch.inference_mode():
        for row in ids[some]:
            student(row[None, row != 0])
    for hook, layer, units, sums in zip(hooks, student.layers, UNITS, felt, strict=True):
        hook.remove()
        worth = sums * layer.narrow.weight.detach().norm(dim=0)
        keep(layer, worth.topk(units).indices.sort().values)


def keep(layer: Layer, units: Tensor) -> None:
    """Leave a layer only these inner units."""
    wide, narrow = nn.Linear(WIDTH, len(units)), nn.Linear(len(units), WIDTH)
    with torch.no_grad():
        wide.weight.copy_(layer.widen.weight[units])
        wide.bias.copy_(layer.widen.bias[units])
        narrow.weight.copy_(layer.narrow.weight[:, units])
        narrow.bias.copy_(layer.narrow.bias)
    layer.widen, layer.narrow = wide, narrow
