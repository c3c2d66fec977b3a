"""Filling a token budget with what was recalled."""

from collections.abc import Callable, Iterable, Iterator

from companion.domain.memory import Recalled

_MISSES = 30


def pack(found: Iterable[Recalled], tokens: int, cost: Callable[[str], int]) -> Iterator[Recalled]:
    """Yield what fits into ``tokens``, in the order given; what is too long is passed over.

    By rank, not by score per token: many short turns fit that way, and they are the
    ones that say little.
    """
    misses = 0
    for item in found:
        price = cost(item.text)
        if price <= tokens:
            tokens -= price
            yield item
        else:
            misses += 1
        if misses > _MISSES:
            break
