"""What was said, as the commands look into it, without a model."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from companion.domain.memory import Recalled
from companion.protocols.clock import Clock
from companion.protocols.memory import Recaller


class Archive:
    """Past turns of every conversation. A context manager that closes the database."""

    def __init__(
        self,
        recaller: Recaller,
        clock: Clock,
        close: Callable[[], None],
    ) -> None:
        self._recaller = recaller
        self._clock = clock
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

    def recall(self, question: str, limit: int, tokens: int | None = None) -> list[Recalled]:
        """Return what answers a question that is asked now, best first."""
        return self._recaller.recall(question, self._clock.now(), limit, tokens)
