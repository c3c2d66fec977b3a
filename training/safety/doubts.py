"""What the second reader learns from: messages as the teacher judges them, and hard calm talk."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from companion.safety.classifier import FILE, GRAVE, HEADS, WINDOW
from companion.words.network import Network
from training.mood.encoder import Reader, Teacher, pad
from training.mood.kept import State
from training.mood.teach import judged
from training.mood.vary import blended, varied
from training.safety.build import (
    CALM,
    FIRM,
    SEED,
    everyday,
    harmless,
    labelled,
    parted,
    shown_to_teacher,
    taught,
    words_in,
    words_of,
)

DOUBT = -4.0
"""From where on the first network does not rule danger out, in logits, for a hard text."""
EASY = 5000
"""How many texts beside the hard ones it rules out."""


def lesson(minilm: Path, data: Path, out: Path) -> State:
    """Return token rows, which heads are wanted, what the teacher sees, and where to trust it.

    Not where its judgement is not ours: it takes one comment of strangers in fourteen for grave,
    and plain goodbyes, too. Where we say that there is nothing, nothing is wanted.
    """
    ours, _ = parted(labelled())
    calm = everyday()
    teacher = taught(minilm, ours, calm, out / "teacher.pt")
    shown = shown_to_teacher(ours, calm[:CALM])
    known, states = words_of(teacher, minilm, ours, calm)
    rows = [words_in(text) for text in ours.texts]
    texts = shown.texts + varied(rows, known, states, times=2, seed=SEED)
    nothing = hard(harmless(data, calm))
    print(len(texts), "texts and", len(nothing), "without danger", flush=True)
    seen, logits = see(teacher, minilm, [*texts, *nothing])
    soft = (1 / (1 + np.exp(-logits))).astype(np.float32)
    wanted = blended(soft, shown.wanted, FIRM)
    wanted[: len(shown.texts)][~shown.wanted.any(axis=1)] = 0
    wanted[len(texts) :] = 0
    read = [" ".join(words_in(text)) for text in (*texts, *nothing)]
    return {
        "ids": pad(Reader(minilm).read(read)),
        "wanted": torch.from_numpy(wanted),
        "seen": torch.from_numpy(seen.astype(np.float16)),
        "trusted": torch.from_numpy(trusted(soft, wanted)),
    }


def trusted(soft: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return ones where the teacher's judgement of graveness is not against ours, else zeros."""
    apart = np.abs(soft - wanted)[:, HEADS.index(GRAVE)]
    return np.asarray(apart < FIRM / 2, dtype=np.float32)


def hard(texts: list[str]) -> list[str]:
    """Return the texts of which the first network is in doubt, and some others."""
    network = Network(FILE)
    unsure = [network.read(words_in(text)[:WINDOW]).logits[:2].max() >= DOUBT for text in texts]
    easy = [text for text, doubt in zip(texts, unsure, strict=True) if not doubt]
    np.random.default_rng(SEED).shuffle(easy)
    return [text for text, doubt in zip(texts, unsure, strict=True) if doubt] + easy[:EASY]


def see(teacher: Teacher, minilm: Path, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return what the head of a teacher is given for each text, and its outputs."""
    seen = np.zeros((len(texts), teacher.head.in_features), dtype=np.float32)
    out = np.zeros((len(texts), teacher.head.out_features), dtype=np.float32)
    held: list[Tensor] = []
    hook = teacher.head.register_forward_pre_hook(lambda _, given: held.append(given[0]))
    for rows, outputs in judged(teacher, minilm, texts):
        seen[rows], out[rows] = held.pop().numpy(), outputs
    hook.remove()
    return seen, out
