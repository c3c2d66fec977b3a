"""What came of taking in a file, and what a file would bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Restored:
    """What an export brought: new records by kind, and how many were here already."""

    added: Mapping[str, int]
    known: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds, before anything of it is kept.

    ``form`` is the name of its format; ``first_words`` are those of the earliest message.
    """

    form: str
    conversations: int
    messages: int
    since: datetime | None
    until: datetime | None
    first_words: str
