"""What was said, as the commands look into it: taking in and recalling, without a model."""

from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO, Self

from companion.conversation.importing import read_turns
from companion.domain.memory import ImportReport, Recalled
from companion.protocols.clock import Clock
from companion.protocols.memory import Importer, Recaller


class Archive:
    """Past turns of every conversation. A context manager that closes the database."""

    def __init__(
        self,
        recaller: Recaller,
        importer: Importer,
        clock: Clock,
        persona: str,
        close: Callable[[], None],
    ) -> None:
        self._recaller = recaller
        self._importer = importer
        self._clock = clock
        self._persona = persona
        self._close = close

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def take_in(self, lines: BinaryIO, progress: Callable[[int], None]) -> ImportReport:
        """Import a file of JSON lines, all of it or nothing.

        Raises ``ImportFormatError`` or ``StoreError``.
        """
        return self._importer.add(read_turns(lines, progress), self._persona)

    def recall(self, question: str, limit: int, tokens: int | None = None) -> list[Recalled]:
        """Return what answers a question that is asked now, best first."""
        return self._recaller.recall(question, self._clock.now(), limit, tokens)
