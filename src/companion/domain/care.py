"""Where help is, and what somebody planned for their own bad nights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from companion.domain.safety import Danger, Screening


class PlanPart(StrEnum):
    """The parts of a safety plan (Stanley & Brown 2012), in their order."""

    WARNING_SIGNS = "signs"
    COPING = "helps"
    PLACES = "places"
    FRIENDS = "friends"
    PROFESSIONALS = "professionals"
    SAFER = "safer"
    TRUSTED = "trusted"


SafetyPlan = Mapping[PlanPart, str]
"""What the user wrote into each part; parts that are empty are missing."""


@dataclass(frozen=True, slots=True)
class Helpline:
    """People who listen. Of ``call``, ``text`` and ``chat`` at least one is not empty.

    ``checked`` is the day on which ``source`` was read.
    """

    name: str
    hours: str
    languages: str
    source: str
    checked: date
    call: str = ""
    text: str = ""
    chat: str = ""


@dataclass(frozen=True, slots=True)
class Country:
    """Where somebody is: its name, its emergency number, and who listens there."""

    name: str
    emergency: str
    lines: tuple[Helpline, ...]


@dataclass(frozen=True, slots=True)
class HelpCard:
    """What the program itself shows to somebody in danger.

    ``known`` is false while the user has not said where they are: then ``country`` is
    a list for everywhere.
    """

    country: Country
    known: bool
    plan: SafetyPlan = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stance:
    """How to meet a message: what was seen in it, and whether a crisis goes on.

    A crisis goes on for a while after the message that showed it. ``card_open`` tells
    whether the user has the card before them and has not put it aside.
    """

    screening: Screening
    ongoing: bool = False
    card_open: bool = False

    @property
    def asks(self) -> bool:
        """Whether she shall ask directly whether the user thinks of hurting themselves.

        Somebody who worries about another is not asked that.
        """
        found = self.screening
        of_another = found.category is Danger.SOMEBODY_ELSE
        return found.tier > 0 and not of_another and not self.crisis

    @property
    def crisis(self) -> bool:
        """Whether somebody is, or just was, in danger."""
        return self.screening.card or self.ongoing


@dataclass(frozen=True, slots=True)
class SafetyCount:
    """How often a tier was seen in a month (1 to 12), and how often the card was shown."""

    month: int
    tier: int
    messages: int
    cards: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of the screening of one message."""

    message_id: int
    screening: Screening
    at: datetime
    card_shown_at: datetime | None = None
