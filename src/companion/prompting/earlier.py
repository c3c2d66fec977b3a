"""How a long conversation is told that the model no longer reads: ``earlier.toml``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from companion.domain.memories import MadeBy
from companion.domain.summaries import Summary
from companion.prompting.budget import estimate_tokens
from companion.prompting.files import find_prompt, read_prompt
from companion.prompting.fill import check_placeholders, fill
from companion.prompting.recalled import make_quotable
from companion.prompting.tables import parse_table


class EarlierWords(BaseModel):
    """The words around what was summed up."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    quoted: str
    told: str
    words: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was summed up of a conversation, in the order of the talk."""

    words: EarlierWords
    summaries: Sequence[Summary]

    def tell(self, before: int, tokens: int) -> str:
        """Return what is told of the messages before one, in at most ``tokens``; or nothing.

        Every stretch has its most telling sentence before one has its second, the latest
        stretch first. It stays the same for as long as ``before`` does.
        """
        told = [each for each in self.summaries if each.last_id < before]
        chosen: list[tuple[int, int]] = []
        for place in _in_rounds(told):
            if estimate_tokens(self._say(told, [*chosen, place])) > tokens:
                break
            chosen.append(place)
        return self._say(told, chosen) if chosen else ""

    def _say(self, told: Sequence[Summary], chosen: Sequence[tuple[int, int]]) -> str:
        own = {told[stretch].made_by is MadeBy.RULES for stretch, _ in chosen}
        sentences = " ".join(self._put(told[n], place) for n, place in sorted(chosen))
        frame = self.words.quoted if own == {True} else self.words.told
        return f"[{fill(frame, {'sentences': sentences})}]"

    def _put(self, summary: Summary, place: int) -> str:
        text = make_quotable(summary.sentences[place].text)
        return fill(self.words.words, {"words": text}) if summary.made_by is MadeBy.RULES else text


def _in_rounds(told: Sequence[Summary]) -> Iterator[tuple[int, int]]:
    """Yield the places of sentences, by stretch and within it, in the order of choosing."""
    places = [[(n, p) for p in range(len(told[n].sentences))] for n in range(len(told))]
    for one_each in zip_longest(*reversed(places)):
        yield from (place for place in one_each if place is not None)


def load_earlier_words(folders: Sequence[Path]) -> EarlierWords:
    """Read and check ``earlier.toml``. Raises ``PromptError`` naming file and place."""
    path = find_prompt(folders, "earlier.toml")
    words = parse_table(path, read_prompt(path), EarlierWords)
    for name, known in {"quoted": "sentences", "told": "sentences", "words": "words"}.items():
        check_placeholders(getattr(words, name), {known}, f"{path}: {name}")
    return words
