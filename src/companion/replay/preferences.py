"""How often a judge prefers what is said now, and how sure that is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from companion.replay.comparison import ComparedSession
from companion.replay.judged import Better

METHOD = "Wilson score interval"
CONFIDENCE = 0.95
_Z = 1.959964
"""The quantile of the normal distribution that leaves 2.5% above it."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """In how many turns each reply was preferred.

    ``ties`` counts those in which neither was, ``torn`` those among them in which the judge
    took the reply that stood in one place, ``alike`` those with the same words, for which it
    was not asked, and ``unjudged`` those of which there is no judgement.
    """

    judge: str
    now: int
    recorded: int
    ties: int
    torn: int
    alike: int
    unjudged: int

    @property
    def decided(self) -> int:
        """In how many turns one of the two was preferred."""
        return self.now + self.recorded

    @property
    def share(self) -> float | None:
        """The share of the decided turns in which what is said now was preferred."""
        return self.now / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The confidence interval of ``share``."""
        return find_interval(self.now, self.decided) if self.decided else None


def count_preferences(compared: Sequence[ComparedSession]) -> Preferences | None:
    """Return what a judge preferred in these sessions, ``None`` where none was asked."""
    turns = [turn for session in compared for turn in session.turns]
    judged = [turn.judged for turn in turns if turn.judged]
    if not judged:
        return None
    verdicts = [each.better for each in judged]
    return Preferences(
        judged[0].judge,
        now=verdicts.count(Better.NOW),
        recorded=verdicts.count(Better.RECORDED),
        ties=sum(each.better is Better.NEITHER and not each.alike for each in judged),
        torn=sum(each.torn for each in judged if not each.problem),
        alike=sum(each.alike for each in judged),
        unjudged=verdicts.count(None),
    )


def find_interval(successes: int, of: int) -> tuple[float, float]:
    """Return the 95% score interval of a share: Wilson 1927, JASA 22, pages 209 to 212.

    Unlike the usual interval around the share it is right for few turns, too, and stays
    between 0 and 1. Takes the turns to be independent.
    """
    share, spread = successes / of, _Z**2 / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
