"""Makes new texts from known ones, for the teachers to judge."""

import numpy as np

from training.mood.corpora import PARTED
from training.mood.vocabulary import neighbours


def vary(
    rows: list[list[str]], near: dict[str, list[str]], chance: np.random.Generator
) -> list[str]:
    """Return one new text for each row: cut out, put together, or with words changed."""
    return [_vary(row, rows, near, chance) for row in rows]


def _vary(
    row: list[str],
    rows: list[list[str]],
    near: dict[str, list[str]],
    chance: np.random.Generator,
) -> str:
    kind = chance.random()
    if kind < 0.3:
        row = cut(row, chance)
    elif kind < 0.5:
        row = cut(row, chance) + cut(rows[int(chance.integers(len(rows)))], chance)
    if kind > 0.2:
        row = [changed(word, near, chance) for word in row]
    return " ".join(row)


def cut(row: list[str], chance: np.random.Generator) -> list[str]:
    """Return a run of the words of a row."""
    if len(row) < 4:
        return row
    length = int(chance.integers(2, len(row)))
    start = int(chance.integers(0, len(row) - length + 1))
    return row[start : start + length]


def changed(word: str, near: dict[str, list[str]], chance: np.random.Generator) -> str:
    """Return the word or, now and then, one like it."""
    if chance.random() > 0.25 or word not in near:
        return word
    return near[word][int(chance.integers(len(near[word])))]


def varied(
    rows: list[list[str]], known: list[str], states: np.ndarray, *, times: int, seed: int
) -> list[str]:
    """Return ``times`` new texts for each row."""
    alike = neighbours(states, 7)
    near = {
        word: [known[other] for other in alike[at] if other != at and known[other].isalpha()]
        for at, word in enumerate(known)
        if word.isalpha() and len(word) > 2
    }
    near = {word: others for word, others in near.items() if others}
    chance = np.random.default_rng(seed)
    return [text for _ in range(times) for text in vary(rows, near, chance)]


def exchanged(
    pairs: list[str], openers: list[str], messages: list[str], *, times: int, seed: int
) -> list[str]:
    """Return her words of each pair with answers of other pairs, and openers with messages."""
    chance = np.random.default_rng(seed)
    asked, said = zip(*(pair.split(PARTED) for pair in pairs), strict=True)
    short = [*said, *(text for text in messages if len(text.split()) < 6)]

    def chosen(texts: list[str]) -> str:
        return texts[int(chance.integers(len(texts)))]

    return [
        *(one + PARTED + chosen(short) for one in asked for _ in range(times)),
        *(one + PARTED + chosen(messages) for one in openers for _ in range(4 * times)),
    ]


def mistyped(texts: list[str], seed: int) -> list[str]:
    """Return each text as somebody types it in a hurry: a slip in every third longer word."""
    chance = np.random.default_rng(seed)
    return [" ".join(_slip(word, chance) for word in text.split()) for text in texts]


def _slip(word: str, chance: np.random.Generator) -> str:
    if len(word) < 4 or not word.isalpha() or chance.random() > 0.33:
        return word
    at, kind = int(chance.integers(1, len(word) - 1)), int(chance.integers(4))
    middle = [word[at + 1] + word[at], word[at + 1], word[at] * 2 + word[at + 1], ""][kind]
    return word[:at] + middle + word[at + 2 :] if kind < 3 else word[:at] + word[at + 1 :]


def blended(soft: np.ndarray, people: np.ndarray, hard: float) -> np.ndarray:
    """Return what judges say of texts, mixed with what people said of the first of them."""
    out = soft.copy()
    out[: len(people)] = hard * people + (1 - hard) * soft[: len(people)]
    return out
