"""What a model is told and shown to guide one reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from companion.domain.guidance import Exemplar, Guidance
from companion.domain.model import ModelProfile
from companion.domain.mood import Appraisal
from companion.prompting.exemplars import ExemplarBank, load_exemplars
from companion.prompting.strategies import StrategyWords, load_strategies, say_strategy

_EXEMPLAR_TOKENS = 80


@dataclass(frozen=True, slots=True)
class Guidebook:
    """The words of the strategies and the bank of exemplars."""

    strategies: Mapping[str, StrategyWords]
    bank: ExemplarBank

    def instruct(self, guidance: Guidance, profile: ModelProfile) -> str:
        """Return what the model is told to do."""
        return say_strategy(self.strategies, guidance, brief=profile.brief)

    def show(
        self, text: str, appraisal: Appraisal, guidance: Guidance, profile: ModelProfile
    ) -> tuple[Exemplar, ...]:
        """Return the exemplars nearest to a message, as many as suit the model."""
        room = profile.exemplars * _EXEMPLAR_TOKENS
        return self.bank.nearest(
            text, appraisal.emotions, guidance.strategy, profile.exemplars, room
        )


def load_guidebook(folders: Sequence[Path]) -> Guidebook:
    """Read and check strategies and exemplars. Raises ``PromptError`` with file and place."""
    return Guidebook(load_strategies(folders), load_exemplars(folders))
