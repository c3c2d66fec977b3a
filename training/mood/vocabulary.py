"""Chooses the words that get a vector of their own, and where the vectors begin."""

import re
from collections import Counter

import numpy as np
import torch

from companion.mood.words import network_words, readable, tokens
from companion.words.network import SAID
from training.mood.corpora import PARTED
from training.mood.encoder import Reader, Teacher, pad


def read(text: str) -> list[str]:
    """Return the words of a text as the network will meet them."""
    asked, parted, said = text.rpartition(PARTED)
    if parted:
        return [*read(asked), SAID, *read(said)]
    return network_words(tokens(readable(text.replace("[NAME]", "[name]"))))


def choose_words(rows: list[list[str]], least: int, most: int, more: list[str]) -> list[str]:
    """Return the words seen ``least`` times or more, and ``more`` up to ``most`` in all."""
    counts = Counter(word for row in rows for word in row)
    chosen = sorted((w for w, n in counts.items() if n >= least), key=lambda w: (-counts[w], w))
    known = set(chosen)
    return (chosen + [word for word in more if word not in known])[:most]


def plain_words(reader: Reader) -> list[str]:
    """Return the whole words that the teacher knows, in its order."""
    found = sorted(reader.tokenizer.get_vocab().items(), key=lambda pair: pair[1])
    return [word for word, _ in found if re.fullmatch(r"[a-z]{3,14}", word)]


def telling(teacher: Teacher, reader: Reader, words: list[str], many: int) -> list[str]:
    """Return the words that alone say most to the teacher."""
    out = []
    with torch.inference_mode():
        for start in range(0, len(words), 512):
            out.append(torch.sigmoid(teacher(pad(reader.read(words[start : start + 512])))))
    told = torch.cat(out)[:, :27].max(1).values.numpy()
    return [words[at] for at in np.argsort(-told, kind="stable")[:many]]


def word_states(teacher: Teacher, reader: Reader, words: list[str]) -> np.ndarray:
    """Return what the teacher makes of each word alone: the mean of its last states."""
    kept: list[torch.Tensor] = []
    hook = teacher.head.register_forward_hook(lambda _m, given, _o: kept.append(given[0].float()))
    with torch.inference_mode():
        for start in range(0, len(words), 512):
            teacher(pad(reader.read(words[start : start + 512])))
    hook.remove()
    return torch.cat(kept)[:, :384].numpy()


def principal(states: np.ndarray, width: int) -> np.ndarray:
    """Return the states in their ``width`` main directions, each of spread one."""
    centred = states - states.mean(0)
    _, _, axes = np.linalg.svd(centred.T @ centred)
    out = centred @ axes[:width].T
    return (out / out.std(0)).astype(np.float32)


def neighbours(states: np.ndarray, many: int) -> np.ndarray:
    """Return for each word the numbers of the words most like it."""
    unit = states / np.linalg.norm(states, axis=1, keepdims=True)
    found = []
    for start in range(0, len(unit), 1024):
        alike = unit[start : start + 1024] @ unit.T
        found.append(np.argpartition(-alike, many + 1, axis=1)[:, : many + 1])
    return np.concatenate(found)
