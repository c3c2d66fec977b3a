"""Where everything is, and how much of it is used."""

from dataclasses import dataclass
from pathlib import Path

FEW = 600


@dataclass(frozen=True)
class Places:
    """The folders; ``quick`` takes a few texts, once, to see that all steps run.

    ``before`` holds the files that were shipped before, which judge comments and affect.
    """

    data: Path
    minilm: Path
    before: Path
    out: Path
    quick: bool = False

    @property
    def kept(self) -> Path:
        """Where what took long is kept between runs."""
        return self.out / "kept"

    @property
    def most(self) -> int | None:
        """How many texts of a training split are used; None for all."""
        return FEW if self.quick else None

    def epochs(self, usual: int) -> int:
        """Return how often the texts are gone through."""
        return 1 if self.quick else usual
