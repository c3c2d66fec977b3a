"""A small BERT, as the teacher: the weights of all-MiniLM-L6-v2 (Apache 2.0)."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

WIDTH, HEADS, LAYERS = 384, 12, 6
MAX_TOKENS = 64


class Layer(nn.Module):
    """One block: attention, then a feed-forward net, each followed by a norm."""

    def __init__(self) -> None:
        super().__init__()
        self.mixed = nn.Linear(WIDTH, 3 * WIDTH)
        self.joined = nn.Linear(WIDTH, WIDTH)
        self.first_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.widen = nn.Linear(WIDTH, 4 * WIDTH)
        self.narrow = nn.Linear(4 * WIDTH, WIDTH)
        self.second_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Let every token see the others, unless ``mask`` is far below zero."""
        many, long, _ = x.shape
        parts = self.mixed(x).view(many, long, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        asked, offered, held = parts
        return self.take_in(x, attend(asked, offered, held, mask))

    def take_in(self, x: Tensor, seen: Tensor) -> Tensor:
        """Return what becomes of states with what they saw."""
        x = self.first_norm(x + self.joined(seen))
        return self.second_norm(x + self.dropout(self.narrow(functional.gelu(self.widen(x)))))


def attend(asked: Tensor, offered: Tensor, held: Tensor, mask: Tensor) -> Tensor:
    """Return what those that ask see, all heads side by side."""
    fit = (asked @ offered.transpose(2, 3)) * (WIDTH // HEADS) ** -0.5
    seen = torch.softmax(fit.float() + mask, dim=-1).to(held.dtype) @ held
    return seen.transpose(1, 2).flatten(2)


class Teacher(nn.Module):
    """The encoder and a linear head on the mean of its last states."""

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, WIDTH)
        self.places = nn.Embedding(512, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(2 * WIDTH, outputs)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the outputs for padded token numbers (0 pads)."""
        return self.head(self.dropout(self.see(ids).flatten(1))).float()

    def see(self, ids: Tensor) -> Tensor:
        """Return the mean and the first of the last states of each text."""
        x, mask = self.begin(ids)
        for layer in self.layers:
            x = layer(x, mask)
        return ends(x, ids)

    def begin(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Return the first states, and what hides the padding from those that see."""
        x = self.words(ids) + self.places(torch.arange(ids.shape[1]))
        return self.dropout(self.norm(x)), torch.where(ids != 0, 0.0, -1e4)[:, None, None, :]


def ends(x: Tensor, ids: Tensor) -> Tensor:
    """Return the mean of the states of each text, and its first one."""
    weight = (ids != 0)[..., None].to(x.dtype)
    return torch.stack([(x * weight).sum(1) / weight.sum(1), x[:, 0]], dim=1)


def load_teacher(folder: Path, outputs: int) -> Teacher:
    """Return a teacher that knows English and nothing yet of its task."""
    kept = load_file(folder / "model.safetensors")
    kept = {name.removeprefix("bert."): value for name, value in kept.items()}
    teacher = Teacher(outputs)
    state = teacher.state_dict()
    state["words.weight"] = kept["embeddings.word_embeddings.weight"]
    types = kept["embeddings.token_type_embeddings.weight"][0]
    state["places.weight"] = kept["embeddings.position_embeddings.weight"] + types
    for end in ("weight", "bias"):
        state[f"norm.{end}"] = kept[f"embeddings.LayerNorm.{end}"]
        for number in range(LAYERS):
            state |= layer_state(kept, number, end)
    teacher.load_state_dict(state)
    return teacher


def layer_state(kept: dict[str, Tensor], number: int, end: str) -> dict[str, Tensor]:
    """Return the weights of one layer under our names."""
    old, new = f"encoder.layer.{number}", f"layers.{number}"
    three = [kept[f"{old}.attention.self.{part}.{end}"] for part in ("query", "key", "value")]
    return {
        f"{new}.mixed.{end}": torch.cat(three),
        f"{new}.joined.{end}": kept[f"{old}.attention.output.dense.{end}"],
        f"{new}.first_norm.{end}": kept[f"{old}.attention.output.LayerNorm.{end}"],
        f"{new}.widen.{end}": kept[f"{old}.intermediate.dense.{end}"],
        f"{new}.narrow.{end}": kept[f"{old}.output.dense.{end}"],
        f"{new}.second_norm.{end}": kept[f"{old}.output.LayerNorm.{end}"],
    }


class Reader:
    """Turns texts into padded token numbers."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MAX_TOKENS)

    def read(self, texts: list[str]) -> list[list[int]]:
        """Return the token numbers of each text."""
        plain = [text.replace("[NAME]", "Alex").replace("[RELIGION]", "faith") for text in texts]
        return [encoding.ids for encoding in self.tokenizer.encode_batch(plain)]


def pad(rows: list[list[int]]) -> Tensor:
    """Return rows of one length, filled with zeros."""
    length = max(map(len, rows))
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])
