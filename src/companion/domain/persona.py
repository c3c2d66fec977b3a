"""Who she is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """An exchange that shows the model how she talks."""

    feeling: str
    user: str
    reply: str


@dataclass(frozen=True, slots=True)
class Greetings:
    """First words: at the first meeting, in a new conversation, on coming back soon.

    ``{{user}}`` stands for the user's name; variants that have it are chosen when
    the name is known, the others when it is not.
    """

    first: tuple[str, ...]
    again: tuple[str, ...]
    back: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Persona:
    """A persona as its file describes it. ``id`` is the file's name without ending."""

    id: str
    name: str
    summary: str
    history: str
    manner: str
    greetings: Greetings
    examples: tuple[Example, ...]
