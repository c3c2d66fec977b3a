"""Makes new texts from known ones, for the teachers to judge."""

import numpy as np


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
