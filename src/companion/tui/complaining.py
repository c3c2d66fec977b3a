"""Letting an action that fails say so, where Textual would end the program."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Protocol, TypeVar

from companion.domain.errors import CompanionError


class Complaining(Protocol):
    """A screen that can say what went wrong."""

    def complain(self, problem: str) -> None:
        """Say what went wrong."""
        ...


Speaker = TypeVar("Speaker", bound=Complaining)


def complaining(
    action: Callable[[Speaker], Awaitable[None]],
) -> Callable[[Speaker], Awaitable[None]]:
    """Let an action that fails say so."""

    @wraps(action)
    async def act(screen: Speaker) -> None:
        try:
            await action(screen)
        except CompanionError as error:
            screen.complain(str(error))

    return act
