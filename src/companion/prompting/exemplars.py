"""The bank of exchanges in ``prompts/exemplars``, and the ones nearest to a message."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from companion.domain.errors import PromptError
from companion.domain.guidance import Exemplar, Strategy
from companion.domain.mood import AMBIGUOUS, EMOTIONS, NEGATIVE, POSITIVE
from companion.prompting.budget import estimate_tokens
from companion.prompting.files import read_prompt
from companion.prompting.fill import check_placeholders
from companion.prompting.tables import find_line, parse_table

_FOLDER = "exemplars"
_WORD = re.compile(r"[a-z']+")
_SAME_FAMILY = 0.5
_MOOD, _STRATEGY, _WORDS = 1.0, 0.5, 3.0
_NEAR = 0.6
"""More than a strategy in common: a likely feeling, or words."""


class _ExemplarTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    feeling: str
    strategy: Strategy
    user: str = Field(min_length=1)
    reply: str = Field(min_length=1)


class _BankFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    exemplar: tuple[_ExemplarTable, ...]


class ExemplarBank:
    """All exemplars, and how near each is to a message.

    Nearness adds up how probable the exemplar's feeling is, whether its strategy is the
    chosen one, and the TF-IDF cosine of the words.
    """

    def __init__(self, exemplars: Sequence[Exemplar]) -> None:
        self._exemplars = exemplars
        words = [_split(exemplar.user) for exemplar in exemplars]
        seen = Counter(word for each in words for word in each)
        self._weight = {
            word: math.log((1 + len(words)) / (1 + count)) for word, count in seen.items()
        }
        self._holders = self._list_holders(words)

    def nearest(
        self,
        text: str,
        emotions: Mapping[str, float],
        strategy: Strategy,
        count: int,
        tokens: int,
    ) -> tuple[Exemplar, ...]:
        """Return up to ``count`` exemplars that fit into ``tokens``, the nearest one last.

        Fewer, or none, where no more are near.
        """
        moods = {each: _match_mood(each, emotions) for each in EMOTIONS}
        scores = [
            _MOOD * moods[exemplar.feeling] + _STRATEGY * (exemplar.strategy is strategy) + words
            for exemplar, words in zip(self._exemplars, self._match_words(text), strict=True)
        ]
        ranked = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
        chosen: list[Exemplar] = []
        for index in ranked:
            exemplar = self._exemplars[index]
            cost = estimate_tokens(exemplar.user) + estimate_tokens(exemplar.reply)
            if len(chosen) < count and cost <= tokens and scores[index] >= _NEAR:
                chosen.append(exemplar)
                tokens -= cost
        return tuple(reversed(chosen))

    def _match_words(self, text: str) -> list[float]:
        """Return of each exemplar the cosine, weighted."""
        words = sorted(word for word in _split(text) if word in self._weight)
        scores = [0.0] * len(self._exemplars)
        length = math.hypot(*(self._weight[word] for word in words)) or 1.0
        for word in words:
            for index, share in self._holders[word]:
                scores[index] += _WORDS * self._weight[word] * share / length
        return scores

    def _list_holders(self, words: Sequence[set[str]]) -> dict[str, list[tuple[int, float]]]:
        """Return which exemplars hold a word, and its weight there: their vectors, of length 1."""
        holders: dict[str, list[tuple[int, float]]] = {word: [] for word in self._weight}
        for index, each in enumerate(words):
            length = math.hypot(*(self._weight[word] for word in sorted(each))) or 1.0
            for word in each:
                holders[word].append((index, self._weight[word] / length))
        return holders


def load_exemplars(folders: Sequence[Path]) -> ExemplarBank:
    """Read the bank; a file of the user's own wins over ours of the same name.

    Raises ``PromptError`` naming file and place.
    """
    files: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"{_FOLDER}/*.toml")):
            files.setdefault(path.name, path)
    return ExemplarBank([each for name in sorted(files) for each in _read(files[name])])


def _read(path: Path) -> list[Exemplar]:
    text = read_prompt(path)
    check_placeholders(text, (), str(path))
    parsed = parse_table(path, text, _BankFile)
    for number, each in enumerate(parsed.exemplar):
        if each.feeling not in EMOTIONS:
            line = find_line(text, ("exemplar", number, "feeling"))
            raise PromptError(f"{path}:{line}: {each.feeling} is none of the 28 emotions.")
    return [Exemplar(e.feeling, e.strategy, e.user, e.reply) for e in parsed.exemplar]


def _split(text: str) -> set[str]:
    return set(_WORD.findall(text.lower().replace("\u2019", "'")))


def _match_mood(feeling: str, emotions: Mapping[str, float]) -> float:
    family = next((f for f in (POSITIVE, NEGATIVE, AMBIGUOUS) if feeling in f), frozenset())
    kin = max((emotions.get(name, 0.0) for name in family), default=0.0)
    return max(emotions.get(feeling, 0.0), _SAME_FAMILY * kin)
