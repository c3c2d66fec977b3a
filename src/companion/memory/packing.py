"""Filling a token budget with what was recalled."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from companion.domain.memory import Recalled

_MISSES = 30
_WHO, _WHEN = 4, 8
"""Tokens that it takes to say who spoke, and on which day: that once for all of a day."""


def pack(
    found: Iterable[Recalled], tokens: int, measure: Callable[[str], int]
) -> Iterator[Recalled]:
    """Yield what fits into ``tokens``, in the order given; what is too long is passed over.

    ``measure`` gives the tokens of a text. By rank, not by score per token: many short
    turns fit that way, and they are the ones that say little.
    """
    misses = 0
    days: set[date] = set()
    for item in found:
        day = item.at.date()
        price = measure(item.text) + _WHO + (day not in days) * _WHEN
        if price <= tokens:
            tokens -= price
            days.add(day)
            yield item
        else:
            misses += 1
        if misses > _MISSES:
            break
