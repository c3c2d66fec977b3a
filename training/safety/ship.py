"""Writes the second reader down as ``companion.words.transformer`` reads it."""

from collections import Counter
from pathlib import Path

import numpy as np
from torch import Tensor

from companion.words.transformer import LONGEST
from companion.words.wordpiece import BEGIN, END, UNKNOWN
from training.mood.corpora import read_goemotions
from training.mood.encoder import Reader
from training.mood.ship import packed, whole
from training.safety.student import GROUP, Student


def pieces_kept(minilm: Path, data: Path, ids: Tensor) -> tuple[list[int], list[str]]:
    """Return the word pieces that people use, by number and name, and every letter."""
    reader = Reader(minilm)
    listed = sorted(reader.tokenizer.get_vocab().items(), key=lambda pair: pair[1])
    used = Counter(ids.flatten().tolist())
    for row in reader.read([text.lower() for text in read_goemotions(data, "train").texts]):
        used.update(row)
    found = [
        (number, name)
        for name, number in listed
        if name in (BEGIN, END, UNKNOWN) or (len(name.removeprefix("##")) == 1 and name.isascii())
        or (number and used[number])
    ]  # fmt: skip
    return [number for number, _ in found], [name for _, name in found]


def arrays(student: Student, numbers: list[int], names: list[str]) -> dict[str, np.ndarray]:
    """Return all that ``companion.words.transformer`` needs of a student."""
    state = {name: value.float().numpy() for name, value in student.state_dict().items()}
    vectors, scales = packed(state["words.weight"][numbers].reshape(-1, GROUP))
    out = {
        "pieces": np.frombuffer("\n".join(names).encode("utf-8"), dtype=np.uint8),
        "vectors": vectors.reshape(len(numbers), -1, GROUP // 2),
        "vector_scales": scales.reshape(len(numbers), -1),
        "places": state["places.weight"][:LONGEST].astype(np.float16),
        "norm": norm(state, "norm"),
        "head": state["head.weight"].T.astype(np.float16),
        "head_bias": state["head.bias"].astype(np.float16),
    }
    for number in range(len(student.layers)):
        layer = f"layers.{number}"
        out[f"norms{number}"] = np.stack(
            [norm(state, f"{layer}.first_norm"), norm(state, f"{layer}.second_norm")]
        )
        for name in ("mixed", "joined", "widen", "narrow"):
            kept_as = f"{name}{number}"
            out[kept_as], out[f"{kept_as}_scales"] = whole(state[f"{layer}.{name}.weight"].T)
            out[f"{kept_as}_bias"] = state[f"{layer}.{name}.bias"].astype(np.float16)
    return out


def norm(state: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Return the weight and the bias of a norm."""
    return np.stack([state[f"{name}.weight"], state[f"{name}.bias"]]).astype(np.float16)
