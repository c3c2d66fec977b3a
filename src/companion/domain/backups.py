"""Backups: whole copies of the database, and what is in them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database; ``at`` is when it was made, in UTC."""

    path: Path
    at: datetime
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a database holds; ``until`` is when the last message was said."""

    conversations: int
    messages: int
    memories: int
    moods: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Restoration:
    """What restoring would change. ``now`` is ``None`` where the present file cannot be read.

    ``damaged`` says that the present file is there but not whole.
    """

    file: Path
    then: Contents
    now: Contents | None
    damaged: bool
