"""Opening the companion for one command."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from companion.conversation.companion import Companion


def with_companion(work: Callable[["Companion"], Awaitable[None]]) -> None:
    """Open the companion, let ``work`` use her, and close her whatever happens."""
    from companion.assembly import open_companion
    from companion.installation import read_installation

    async def run() -> None:
        companion = open_companion(read_installation())
        try:
            await work(companion)
        finally:
            await companion.close()

    asyncio.run(run())
