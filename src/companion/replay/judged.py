"""What a judge makes of a turn."""

from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """Which of two replies is better."""

    NOW = "now"
    RECORDED = "recorded"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judge said of a turn, asked twice: with the recorded reply first, and second.

    ``why`` is its reason where the recorded reply was called A and the new one B.
    ``alike`` says that it was not asked, because both replies are the same; ``problem`` says
    why there is no judgement.
    """

    judge: str
    recorded_first: Better | None = None
    now_first: Better | None = None
    why: str = ""
    alike: bool = False
    problem: str = ""

    @property
    def better(self) -> Better | None:
        """The reply that was preferred in both orders, neither where they differ.

        As Zheng et al. 2023 (arXiv:2306.05685, section 3.4) do it; ``None`` where there is
        no judgement.
        """
        if self.problem:
            return None
        agreed = self.recorded_first is self.now_first
        return self.recorded_first if agreed else Better.NEITHER

    @property
    def torn(self) -> bool:
        """Whether it was the place of a reply that won, and not the reply."""
        return {self.recorded_first, self.now_first} == {Better.NOW, Better.RECORDED}
