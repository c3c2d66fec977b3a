"""The student: in torch, what ``companion.mood.network`` computes in NumPy."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from companion.words.network import SAID, Network, pieces

MOST_PIECES = 48


@dataclass(frozen=True)
class Shape:
    """How large the student is; ``under`` is the width of vectors that it does not learn."""

    width: int = 96
    buckets: int = 4096
    filters: int = 256
    state: int = 256
    under: int = 0

    @property
    def wide(self) -> int:
        """How wide a word is in all."""
        return self.width + self.under


class Table(NamedTuple):
    """Of each word by its number: the rows of its pieces, and its vector in another network."""

    bags: Tensor
    under: Tensor | None
    said: int
    """The number of the word that parts what was asked from what is said."""


def fake_quantised(weight: Tensor, levels: int, axis: int) -> Tensor:
    """Return the weight as it will be after rounding; gradients pass as if it were not."""
    scale = weight.abs().amax(axis, keepdim=True).clamp_min(1e-6) / levels
    scale = scale.half().float().clamp_min(1e-6).detach()
    rounded = (weight / scale).round().clamp(-levels, levels) * scale
    return weight + (rounded - weight).detach()


class Student(nn.Module):
    """Word vectors, one convolution, pooling and two dense layers."""

    def __init__(self, start: np.ndarray, shape: Shape, outputs: int = 28) -> None:
        super().__init__()
        many = len(start)
        self.vectors = nn.Parameter(torch.from_numpy(start) * 0.3)
        self.pieces = nn.Parameter(torch.randn(shape.buckets, shape.width) * 0.3)
        self.shift = nn.Parameter(torch.zeros(shape.wide))
        self.conv = nn.Parameter(torch.empty(3 * shape.wide, shape.filters))
        self.conv_bias = nn.Parameter(torch.zeros(shape.filters))
        pooled = 2 * shape.filters + shape.wide
        self.dense = nn.Parameter(torch.empty(pooled, shape.state))
        self.dense_bias = nn.Parameter(torch.zeros(shape.state))
        self.out = nn.Parameter(torch.empty(shape.state, outputs))
        self.out_bias = nn.Parameter(torch.full((outputs,), -3.0 if outputs > 3 else 0.0))
        for weight in (self.conv, self.dense, self.out):
            nn.init.kaiming_normal_(weight.T)
        self.rounding, self.many = False, many

    def weight(self, name: str, levels: int = 127, axis: int = 0) -> Tensor:
        """Return a weight, rounded if training has come so far."""
        weight = getattr(self, name)
        return fake_quantised(weight, levels, axis) if self.rounding else weight

    def grid(self, ids: Tensor, table: Table, drop: float) -> Tensor:
        """Return the vectors of padded word numbers; those past the known come from pieces."""
        vectors, parts = self.weight("vectors", 7, 1), self.weight("pieces", 7, 1)
        by_pieces = ids > self.many
        if drop:
            by_pieces |= (torch.rand(ids.shape) < drop) & (ids > 0)
        known = torch.where(by_pieces | (ids == 0), 0, ids - 1)
        out = functional.embedding(known, vectors)
        out = out * (~by_pieces & (ids > 0))[..., None]
        where = by_pieces.nonzero(as_tuple=True)
        if len(where[0]):
            bag = table.bags[ids[where]].long()
            weight = (bag >= 0).float()
            built = functional.embedding_bag(
                bag.clamp_min(0), parts, per_sample_weights=weight, mode="sum"
            ) / weight.sum(1, keepdim=True)
            out = out.index_put(where, built)
        out = out if table.under is None else torch.cat([table.under[ids], out], dim=2)
        return out + self.shift * is_asked(ids, table.said)[..., None]

    def forward(self, ids: Tensor, table: Table, drop: float = 0.0) -> Tensor:
        """Return the outputs for padded word numbers."""
        grid = functional.dropout(self.grid(ids, table, drop), 0.2, self.training)
        there = (ids > 0)[..., None]
        around = functional.pad(grid, (0, 0, 1, 1))
        windows = torch.cat([around[:, :-2], around[:, 1:-1], around[:, 2:]], dim=2)
        seen = functional.relu(windows @ self.weight("conv") + self.conv_bias) * there
        count = there.sum(1).clamp_min(1)
        pooled = torch.cat([seen.amax(1), seen.sum(1) / count, grid.sum(1) / count], dim=1)
        pooled = functional.dropout(pooled, 0.2, self.training)
        state = functional.relu(pooled @ self.weight("dense") + self.dense_bias)
        state = functional.dropout(state, 0.2, self.training)
        return (state @ self.weight("out") + self.out_bias).float()


def table_of(words: list[str], buckets: int, under: Network | None) -> Table:
    """Return what is known of each word before training; row 0 pads."""
    parts, said = piece_table(words, buckets), words.index(SAID) + 1 if SAID in words else -1
    if under is None:
        return Table(parts, None, said)
    vectors = [np.zeros(under.width, np.float32), *map(under.vector, words)]
    return Table(parts, torch.from_numpy(np.stack(vectors)), said)


def is_asked(ids: Tensor, said: int) -> Tensor:
    """Return which words of each row stand before the one that parts question and answer."""
    parting = ids == said
    return parting.any(1, keepdim=True) & (parting.cumsum(1) == 0)


def piece_table(words: list[str], buckets: int) -> Tensor:
    """Return the rows of the pieces of each word, one word a row; -1 fills, row 0 pads."""
    table = np.full((len(words) + 1, MOST_PIECES), -1, dtype=np.int16)
    table[0, 0] = 0
    for at, word in enumerate(words, start=1):
        parts = pieces(word, buckets)[:MOST_PIECES]
        table[at, : len(parts)] = parts
    return torch.from_numpy(table)
