"""What the program knows about a language model that it talks to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

JsonSchema = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """How a model likes to be spoken to.

    ``context_tokens`` is the room for prompt and reply together, ``examples``
    the number of example exchanges put in front, ``note_tokens`` the room for
    what changes from turn to turn, ``recall_tokens`` that for what was said before,
    ``summary_tokens`` that for what fell out of a long conversation, ``exemplars`` the
    number of exchanges chosen to fit the moment. A small model is told things in ``brief``.
    ``sampling`` holds fields of the OpenAI chat request, ``extra`` fields beyond that
    protocol. ``second_opening``, if there is one, begins a second reply where the first one
    began wrong, ``glad_opening`` where the news is good; such a model is also kept to her
    manners. ``structured`` says that the model can be held to a JSON schema, and is able
    enough to be asked.
    """

    context_tokens: int = 8192
    reply_tokens: int = 400
    examples: int = 6
    note_tokens: int = 400
    recall_tokens: int = 400
    summary_tokens: int = 300
    exemplars: int = 0
    brief: bool = False
    sampling: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    extra: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    second_opening: str = ""
    glad_opening: str = ""
    structured: bool = False


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of a reply as the model wrote it."""

    text: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """The backend lost the reply and begins it again; ``why`` is one line."""

    why: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What a reply cost, as the server counts it; ``None`` where it does not say."""

    prompt_tokens: int | None
    reply_tokens: int | None


ReplyPart = TextDelta | Restarted | Usage
