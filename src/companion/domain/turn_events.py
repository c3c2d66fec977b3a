"""What happens during a turn, in the order in which it happens.

The chat screen, ``companion say`` and replay all consume these. A consumer that
receives ``ModelNeeded`` may fetch the model before it asks for the next event;
otherwise the reply fails and says why.
"""

from dataclasses import dataclass

from companion.domain.care import HelpCard
from companion.domain.guidance import Guidance
from companion.domain.message import Message, PromptMessage
from companion.domain.mood import Mood, MoodEntry
from companion.domain.preparation import Preparation
from companion.domain.safety import Screening


@dataclass(frozen=True, slots=True)
class UserMessageSaved:
    """The user's message is safe on disk; nothing else has happened yet."""

    message: Message


@dataclass(frozen=True, slots=True)
class CrisisCardShown:
    """There is danger in the message: whoever receives this shows the card at once.

    It comes right after ``UserMessageSaved``, before the mood and before any model.
    """

    screening: Screening
    card: HelpCard


@dataclass(frozen=True, slots=True)
class MoodNoticed:
    """How the user feels in this message and now, and what she is told to do about it."""

    entry: MoodEntry
    mood: Mood
    guidance: Guidance


@dataclass(frozen=True, slots=True)
class ReplyStarted:
    """The prompt is on its way to the model.

    ``prompt`` is what it reads, letter for letter. ``usual_wait`` is the median time
    to the first word with this model on this machine in seconds, ``None`` before there
    is any experience.
    """

    message: Message
    prompt: tuple[PromptMessage, ...]
    usual_wait: float | None


@dataclass(frozen=True, slots=True)
class ReplyText:
    """The next piece of the reply, already harmless to a terminal."""

    text: str


@dataclass(frozen=True, slots=True)
class ReplyRestarted:
    """What came so far is void and the reply begins again; ``why`` is one line."""

    why: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the user should know, in one line, said by the program."""

    text: str


@dataclass(frozen=True, slots=True)
class ReplyEnded:
    """The reply is stored: complete, stopped or failed, with what came of it."""

    message: Message


TurnEvent = (
    UserMessageSaved
    | CrisisCardShown
    | MoodNoticed
    | Preparation
    | ReplyStarted
    | ReplyText
    | ReplyRestarted
    | Notice
    | ReplyEnded
)
