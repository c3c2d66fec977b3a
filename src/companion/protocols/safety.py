"""The seam to the crisis screen."""

from collections.abc import Sequence
from typing import Protocol

from companion.domain.safety import Screening


class CrisisScreen(Protocol):
    """Judges how grave a message is, in code, without network or language model."""

    def screen(self, text: str, earlier: Sequence[str] = ()) -> Screening:
        """Return how grave ``text`` is.

        ``earlier`` are the messages that the user wrote before it in this conversation,
        oldest first: what builds up over turns counts. Never raises for any text.
        """
        ...
