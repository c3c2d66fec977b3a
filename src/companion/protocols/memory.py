"""The seams to what is remembered."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from companion.domain.memory import ForeignTurn, ImportReport, Posting, Recalled, Turn


class TurnIndex(Protocol):
    """The words of everything that was said on active branches. Calls block.

    All methods raise ``StoreError``. Words are folded ones: lower case, no accents.
    """

    def size(self) -> int:
        """Return about how many turns there are, rather too many than too few."""
        ...

    def speakers(self) -> frozenset[str]:
        """Return the names of those who speak in imported conversations."""
        ...

    def find(self, words: Sequence[Iterable[str]], limit: int) -> Posting:
        """Return the turns that have one of the words of every group."""
        ...

    def said_between(self, since: datetime, until: datetime, limit: int) -> tuple[int, ...]:
        """Return the last turns of a stretch of time; ``until`` is not included."""
        ...

    def turns(self, ids: Iterable[int]) -> list[Turn]:
        """Return the turns of these numbers, in no particular order."""
        ...

    def following(self, ids: Iterable[int]) -> list[Turn]:
        """Return the turns that come right after these."""
        ...


class Recaller(Protocol):
    """Brings back to mind what fits what is being said."""

    def recall(
        self,
        question: str,
        at: datetime,
        limit: int = 10,
        tokens: int | None = None,
        known: Container[int] = (),
    ) -> list[Recalled]:
        """Return at most ``limit`` memories, best first. Any text may be asked.

        With ``tokens``, only what fits into that part of a prompt. ``at`` is the moment
        from which "last summer" is seen. Messages in ``known`` are left out: they stand
        in the prompt already. Blocks; raises ``StoreError``.
        """
        ...


class Encoder(Protocol):
    """Turns texts into vectors whose likeness is that of their meaning. Blocks."""

    @property
    def name(self) -> str:
        """What made the vectors: those of another encoder do not compare."""
        ...

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        """Return a vector for each text."""
        ...

    def compare(self, vector: bytes, others: Sequence[bytes]) -> list[float]:
        """Return the cosine of a vector and each of the others, -1 to 1."""
        ...


class VectorShelf(Protocol):
    """The vectors of what was said. All methods raise ``StoreError`` and block."""

    def vectors(self, encoder: str, ids: Iterable[int]) -> dict[int, bytes]:
        """Return the vectors of those turns that have one of this encoder."""
        ...

    def without_vector(self, encoder: str, limit: int) -> list[Turn]:
        """Return turns that have none yet, the latest first."""
        ...

    def keep(self, encoder: str, vectors: Mapping[int, bytes]) -> None:
        """Keep vectors of turns; of those that were erased meanwhile, none."""
        ...


class RecallLog(Protocol):
    """What came back to mind with each message. All methods raise ``StoreError`` and block."""

    def keep(self, message_id: int, recalled: Sequence[Recalled], words: str) -> None:
        """Keep what came back with a message and the ``words`` of its note that tell it.

        Where one of the turns is erased later, or is not to be recalled any more, those
        words go out of the note.
        """
        ...

    def of_message(self, message_id: int) -> list[Recalled]:
        """Return what came back with a message, best first."""
        ...

    def told_with(self, message_ids: Iterable[int]) -> frozenset[int]:
        """Return the numbers of the turns that came back with any of these messages."""
        ...

    def outdated(self, message_ids: Iterable[int]) -> frozenset[int]:
        """Return those of some turns that tell of something which holds no longer."""
        ...


class Importer(Protocol):
    """Takes in what was said elsewhere."""

    def add(self, turns: Iterable[ForeignTurn], persona: str) -> ImportReport:
        """Keep all of the turns, in their order, or none where reading them fails.

        A turn whose name its conversation already has is passed over. ``persona`` is
        who goes on with new conversations. Blocks; raises ``StoreError`` and whatever
        ``turns`` raises.
        """
        ...
