"""The seams to the crisis screen and to what is kept of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from companion.domain.care import Kept, PlanPart, SafetyCount, SafetyPlan
from companion.domain.safety import CARD_FROM, Screening


class CrisisScreen(Protocol):
    """Judges how grave a message is, in code, without network or language model."""

    def screen(self, text: str, earlier: Sequence[str] = ()) -> Screening:
        """Return how grave ``text`` is.

        ``earlier`` are the messages that the user wrote before it in this conversation,
        oldest first: what builds up over turns counts. Never raises for any text.
        """
        ...


class SafetyLog(Protocol):
    """What the screen found, without the words but for the evidence.

    All methods raise ``StoreError`` and block.
    """

    def keep(self, kept: Kept) -> None:
        """Keep what was found in a message of the user, and count it.

        A message from the tier of the card on, and the reply to it, are withheld from
        recall.
        """
        ...

    def of_message(self, message_id: int) -> Screening:
        """Return what was found in a message; tier 0 where nothing was."""
        ...

    def last_crisis(self, tier: int = CARD_FROM) -> datetime | None:
        """Return when a message last reached a tier, by default that of the card."""
        ...

    def card_is_open(self, since: datetime) -> bool:
        """Return whether a card was not put aside in a talk that was used ``since``."""
        ...

    def put_card_aside(self, at: datetime) -> None:
        """Keep that the user put the card aside."""
        ...

    def put_aside_at(self, message_id: int) -> datetime | None:
        """Return when the card that a message called for was put aside, if it was."""
        ...

    def count(self, year: int) -> list[SafetyCount]:
        """Count the messages of a year (UTC) by month and tier, from tier 1 on."""
        ...

    def forget_counts(self) -> None:
        """Erase all counts, so that nothing of them stays in the file."""
        ...


class PlanBook(Protocol):
    """The user's own safety plan. All methods raise ``StoreError`` and block."""

    def plan(self) -> SafetyPlan:
        """Return what was written, part by part."""
        ...

    def write(self, part: PlanPart, text: str, at: datetime) -> None:
        """Put ``text`` in place of what stands in a part; empty text erases it."""
        ...

    def erase(self) -> None:
        """Erase the whole plan, so that nothing of it stays in the file."""
        ...
