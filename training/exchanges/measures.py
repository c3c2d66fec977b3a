"""What is measured over all conversations, and within which limits it has to stay."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean, pstdev

from companion.domain.guidance import Strategy
from companion.domain.mood import EMOTIONS
from training.exchanges.conversations import Conversation
from training.exchanges.variety import copies, near_duplicates, shared_runs, words

_SAME_RUN = 6
_SAME_WORDS = 0.6
_TOO_SHORT_TO_COPY = 3


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure and its limits, both inclusive; None where there is none."""

    name: str
    value: float
    least: float | None = None
    most: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the figure is within its limits."""
        above = self.least is None or self.value >= self.least
        return above and (self.most is None or self.value <= self.most)


def size(conversations: Sequence[Conversation]) -> list[Measure]:
    """Measure how many there are, and how evenly strategies and feelings are met."""
    turns = [turn for conversation in conversations for turn in conversation.turns]
    strategies = Counter(turn.strategy for turn in turns)
    feels = Counter(chain.from_iterable(turn.feels for turn in turns))
    return [
        Measure("conversations", len(conversations), least=1),
        Measure("replies", len(turns)),
        Measure("replies a conversation", _mean([len(c.turns) for c in conversations]), 2, 4),
        Measure("conversations with memories", sum(bool(c.memories) for c in conversations)),
        Measure("replies that use a memory", sum(bool(turn.uses) for turn in turns)),
        Measure("replies of the rarest strategy", min(strategies[s] for s in Strategy), least=100),
        Measure("messages of the rarest feeling", min(feels[e] for e in EMOTIONS), least=10),
    ]


def variety(replies: Sequence[str]) -> list[Measure]:
    """Measure how unlike each other the replies are; shares are of all replies."""
    count = len(replies) or 1
    lengths = [len(reply.split()) for reply in replies]
    openings = Counter(tuple(words(reply)[:2]) for reply in replies)
    first = Counter(opening[:1] for opening in openings.elements())
    six = set(chain.from_iterable(shared_runs(replies, _SAME_RUN).values()))
    return [
        Measure("mean words of a reply", _mean(lengths), 10, 20),
        Measure("spread of words (standard deviation)", pstdev(lengths or [0]), least=5),
        Measure("share with a question", sum("?" in reply for reply in replies) / count, 0.4, 0.67),
        Measure("share with an exclamation mark", sum("!" in r for r in replies) / count, most=0.1),
        Measure("share of the commonest first word", _commonest(first) / count, most=0.07),
        Measure("share of the commonest two first words", _commonest(openings) / count, most=0.005),
        Measure("different two-word openings a reply", len(openings) / count, least=0.6),
        Measure("share with six words as in another", len(six) / count, most=0.02),
        Measure(
            "pairs with seven words in common", _pairs(shared_runs(replies, 7).values()), most=0
        ),
        Measure("pairs of nearly equal replies", _alike(replies, 5), most=0),
    ]


def newness(
    conversations: Sequence[Conversation], users: Iterable[str], replies: Iterable[str]
) -> list[Measure]:
    """Measure what was told twice, and what stands in ``users`` and ``replies`` already."""
    begun = [conversation.turns[0].user for conversation in conversations]
    turns = [turn for conversation in conversations for turn in conversation.turns]
    said = copies([turn.user for turn in turns], users, _SAME_RUN, _TOO_SHORT_TO_COPY)
    answered = copies([turn.reply for turn in turns], replies, _SAME_RUN, _TOO_SHORT_TO_COPY)
    return [
        Measure("pairs of nearly equal beginnings", _alike(begun, 4), most=0),
        Measure("messages copied from a probe or an exemplar", len(said), most=0),
        Measure("replies copied from an exemplar", len(answered), most=0),
    ]


def _mean(values: Sequence[int]) -> float:
    return fmean(values) if values else 0.0


def _commonest(counts: Counter[tuple[str, ...]]) -> int:
    return max(counts.values(), default=0)


def _pairs(groups: Iterable[Sequence[int]]) -> int:
    return len(
        {(one, other) for group in groups for one in group for other in group if one < other}
    )


def _alike(texts: Sequence[str], shortest: int) -> int:
    return sum(1 for _ in near_duplicates(texts, _SAME_WORDS, shortest))
