"""Words that somebody stretches: soooo tireddd."""

import re
from functools import lru_cache
from typing import Final

_RUN: Final = re.compile(r"(.)\1*")


@lru_cache(maxsize=4096)
def unstretched(word: str) -> tuple[str, ...]:
    """Return shorter spellings of a stretched word: sooo, so; finalllyyy, finally."""
    runs = [match[0] for match in _RUN.finditer(word[:40])]
    if not any(len(run) > 2 for run in runs):
        return ()
    found = [""]
    for run in runs:
        ends = (run[0] * 2, run[0]) if len(run) > 1 else (run,)
        found = [begun + end for begun in found for end in ends][:64]
    return tuple(found)
