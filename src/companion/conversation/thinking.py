"""What thinking about what was said is done with."""

from dataclasses import dataclass

from companion.domain.model import ModelProfile
from companion.prompting.earlier import EarlierWords
from companion.prompting.thinking import ThinkingWords
from companion.protocols.summaries import SummaryShelf


@dataclass(frozen=True, slots=True)
class Thinking:
    """Where summaries are kept, and how a language model is asked for them.

    ``allowed`` is whether the user wants it to be asked.
    """

    shelf: SummaryShelf
    words: ThinkingWords
    earlier: EarlierWords
    allowed: bool = True

    def may_ask(self, profile: ModelProfile) -> bool:
        """Whether a model of this profile is asked for more than replies."""
        return self.allowed and profile.structured
