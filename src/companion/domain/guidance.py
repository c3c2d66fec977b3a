"""What guides a reply: decided by the program, told to the model, shown on request."""

from dataclasses import dataclass
from enum import StrEnum

from companion.domain.mood import MoodEntry


class Strategy(StrEnum):
    """What a reply does, after the support strategies of ESConv (Liu et al. 2021)."""

    ASK = "ask"
    REFLECT = "reflect"
    AFFIRM = "affirm"
    SIT = "sit"
    CELEBRATE = "celebrate"
    INFORM = "inform"
    SUGGEST = "suggest"
    LIGHTEN = "lighten"
    WEIGH = "weigh"


class Stage(StrEnum):
    """How far a conversation about a trouble has come (Hill 2009; ESConv)."""

    EXPLORE = "explore"
    COMFORT = "comfort"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A short exchange from the bank: what someone feeling so says, and what she answers."""

    feeling: str
    strategy: Strategy
    user: str
    reply: str


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the program added to a prompt, and why.

    ``mood`` is the wording of the mood, ``reason`` one line for the user
    ("because you wrote ..."). ``unsure`` says that the reply shall ask how they feel.
    """

    strategy: Strategy
    stage: Stage
    reason: str
    mood: str = ""
    exemplars: tuple[Exemplar, ...] = ()
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class NoticedTurn:
    """All appraisals of one message, in the order of their making, and what guided the reply."""

    entries: tuple[MoodEntry, ...]
    guidance: Guidance | None
