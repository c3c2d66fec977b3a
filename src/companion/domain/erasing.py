"""What an erasure did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Erased:
    """How much is gone, and where the words of an erased memory still stand.

    ``messages`` counts messages that are gone or lost some of their words; ``left_in`` are
    the conversations in which the memory's own word was said besides; ``backups`` are the
    copies in the data folder that went with them.
    """

    conversations: int = 0
    messages: int = 0
    memories: int = 0
    left_in: tuple[int, ...] = ()
    backups: int = 0
