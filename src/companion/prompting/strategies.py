"""The words of the strategies: ``prompts/strategies.toml``."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from companion.domain.errors import PromptError
from companion.domain.guidance import Guidance, Strategy
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders
from companion.prompting.tables import find_line, parse_table

_UNSURE = "unsure"
_NAMES = {*(strategy.value for strategy in Strategy), _UNSURE}


class StrategyWords(BaseModel):
    """What a model is told to do: in brief for a small one, in full for a large one.

    ``begins`` are first words of which one is put into a small model's mouth, where telling
    it does not help; ``{{they}}`` stands there for whoever is spoken of.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    brief: str
    full: str = Field(min_length=1)
    begins: tuple[str, ...] = ()


def load_strategies(folders: Sequence[Path]) -> Mapping[str, StrategyWords]:
    """Read and check ``strategies.toml``. Raises ``PromptError`` naming file and place."""
    path = find_prompt(folders, "strategies.toml")
    text = read_prompt(path)
    check_placeholders(text, {"they"}, str(path))
    words = parse_table(path, text, dict[str, StrategyWords])
    if words.keys() != _NAMES:
        wrong = sorted(words.keys() ^ _NAMES)
        line = min(find_line(text, (name,)) for name in words.keys() - _NAMES or wrong)
        raise PromptError(
            f"{path}:{line}: each strategy needs one table; look at: {', '.join(wrong)}."
        )
    return words


def say_strategy(words: Mapping[str, StrategyWords], guidance: Guidance, *, brief: bool) -> str:
    """Return what the model is told to do."""
    chosen = words[_UNSURE if guidance.unsure else guidance.strategy.value]
    return chosen.brief if brief else chosen.full
