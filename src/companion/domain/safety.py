"""What the crisis screen found in a message, and how grave it is."""

from dataclasses import dataclass
from enum import StrEnum

CARD_FROM = 2
"""The tier from which on the program itself shows where help is."""


class Danger(StrEnum):
    """What a message is about, where it is about a danger at all."""

    NONE = "none"
    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    EATING = "eating"
    HARM_TO_OTHERS = "harm_to_others"
    ABUSE = "abuse"
    SOMEBODY_ELSE = "somebody_else"


class Fault(StrEnum):
    """Why a sentence of hers is not said."""

    METHOD = "method"
    ENCOURAGEMENT = "encouragement"
    DIAGNOSIS = "diagnosis"
    HUMAN = "human"
    PRESSURE = "pressure"
    CHEER = "cheer"
    ROMANCE = "romance"


@dataclass(frozen=True, slots=True)
class Screening:
    """A judgement of one message.

    ``tier`` goes from 0 (nothing) to 5 (danger at this moment), after the ladder of the
    Columbia protocol (Posner et al. 2011). ``evidence`` are the words it was seen from,
    as they stand in the message.
    """

    tier: int
    category: Danger
    evidence: tuple[str, ...] = ()

    @property
    def card(self) -> bool:
        """Whether the program itself shows where help is."""
        return self.tier >= CARD_FROM
