"""What a model is told and shown to guide one reply."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from companion.domain.guidance import Exemplar, Guidance
from companion.domain.message import Message
from companion.domain.model import ModelProfile
from companion.domain.mood import Appraisal
from companion.prompting.exemplars import ExemplarBank, load_exemplars
from companion.prompting.fill import fill
from companion.prompting.strategies import StrategyWords, load_strategies, say_strategy

_EXEMPLAR_TOKENS = 80
_WOMEN = re.compile(
    r"\b(?:she|her|mum|mom|mother|sister|wife|girlfriend|daughter|aunt|grandm\w+|woman|girl|lady)\b",
    re.IGNORECASE,
)
_MEN = re.compile(
    r"\b(?:he|him|his|dad|father|brother|husband|boyfriend|son|uncle|grandf\w+|grandpa|man|boy)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Guidebook:
    """The words of the strategies and the bank of exemplars."""

    strategies: Mapping[str, StrategyWords]
    bank: ExemplarBank

    def instruct(self, guidance: Guidance, profile: ModelProfile) -> str:
        """Return what the model is told to do."""
        return say_strategy(self.strategies, guidance, brief=profile.brief)

    def begin(self, guidance: Guidance, profile: ModelProfile, message: Message) -> str:
        """Return the words that the reply to a message begins with, or nothing.

        Only for models whose profile gives them words anyway. The person spoken of, who
        stands in them, is read off the message: "she", "he", or else "they".
        """
        begins = self.strategies[guidance.strategy.value].begins
        if not (begins and profile.second_opening):
            return ""
        return fill(begins[message.id % len(begins)], {"they": _find_person(message.text)})

    def show(
        self, text: str, appraisal: Appraisal, guidance: Guidance, profile: ModelProfile
    ) -> tuple[Exemplar, ...]:
        """Return the exemplars nearest to a message, as many as suit the model."""
        room = profile.exemplars * _EXEMPLAR_TOKENS
        return self.bank.nearest(
            text, appraisal.emotions, guidance.strategy, profile.exemplars, room
        )


def _find_person(text: str) -> str:
    women, men = (len(each.findall(text)) for each in (_WOMEN, _MEN))
    if women == men:
        return "they"
    return "she" if women > men else "he"


def load_guidebook(folders: Sequence[Path]) -> Guidebook:
    """Read and check strategies and exemplars. Raises ``PromptError`` with file and place."""
    return Guidebook(load_strategies(folders), load_exemplars(folders))
