"""How much texts are like each other: words, runs of words, near-duplicates."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

Run = tuple[str, ...]

_WORD = re.compile(r"[\w']+")


def words(text: str) -> list[str]:
    """Return the words, in small letters."""
    return _WORD.findall(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


def runs(text: str, length: int) -> set[Run]:
    """Return the runs of ``length`` words that stand in the text."""
    found = words(text)
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


def shared_runs(texts: Sequence[str], length: int) -> dict[Run, list[int]]:
    """Return the runs that two texts or more share, with the texts' numbers."""
    holders: defaultdict[Run, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        for run in runs(text, length):
            holders[run].append(number)
    return {run: numbers for run, numbers in holders.items() if len(numbers) > 1}


def near_duplicates(texts: Sequence[str], least: float, shortest: int) -> Iterator[tuple[int, int]]:
    """Give the pairs of texts that share two words in a row and most of their words.

    ``least`` is the Jaccard index of their words from which they are alike; texts of fewer
    than ``shortest`` different words are left out.
    """
    seen: set[tuple[int, int]] = set()
    sets = [set(words(text)) for text in texts]
    for numbers in shared_runs(texts, 2).values():
        for at, one in enumerate(numbers):
            for other in numbers[at + 1 :]:
                if (one, other) in seen:
                    continue
                seen.add((one, other))
                if min(len(sets[one]), len(sets[other])) < shortest:
                    continue
                if len(sets[one] & sets[other]) >= least * len(sets[one] | sets[other]):
                    yield one, other


def copies(texts: Sequence[str], sources: Iterable[str], length: int, whole: int) -> list[int]:
    """Return the numbers of the texts copied from a source.

    Copied is what shares a run of ``length`` words, or is the same text of ``whole`` words
    or more: shorter ones ("ok") belong to nobody.
    """
    known: set[Run] = set()
    for source in sources:
        known |= runs(source, length) | {tuple(words(source))}
    return [
        number
        for number, text in enumerate(texts)
        if runs(text, length) & known or (len(words(text)) >= whole and tuple(words(text)) in known)
    ]
