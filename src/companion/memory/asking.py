"""How something is named when it is asked about: "your job interview", "yesterday"."""

import re
from collections.abc import Collection
from datetime import date, timedelta

from companion.domain.memories import FollowUp, Kind, Memory
from companion.memory.day_words import describe_near
from companion.memory.noticing.persons import to_second
from companion.memory.words import terms_of

_TOO_LATE = timedelta(days=60)


def choose_due(due: Collection[FollowUp], today: date) -> FollowUp | None:
    """Return what to ask about first; what is more than 60 days ago is let rest."""
    fresh = [each for each in due if today - each.due <= _TOO_LATE]
    return max(
        fresh, key=lambda each: (each.memory.kind is not Kind.PROMISE, each.due), default=None
    )


def name_it(memory: Memory) -> str:
    """Return what is asked about, as it is said to the user: "the exam", "your wedding"."""
    value = re.sub(r"^(?:an?|another) ", "the ", memory.value)
    return to_second(value)


def name_day(memory: Memory, today: date) -> str:
    """Return when it was, seen from today; nothing for what has no day."""
    if memory.since is None or memory.until is None:
        return ""
    return describe_near(memory.since, memory.until, today)


def is_hard(memory: Memory, words: Collection[str]) -> bool:
    """Whether it is of a kind to be asked about more gently: a funeral, a scan."""
    hard = {term for word in words for term in terms_of(word)}
    return not hard.isdisjoint(terms_of(memory.value))
