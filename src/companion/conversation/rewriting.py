"""Changing turns of phrase in a reply while it streams."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable

from companion.domain.model import ReplyPart, Restarted, TextDelta


async def rewrite(
    parts: AsyncIterator[ReplyPart],
    change: Callable[[str], str],
    find_ready: Callable[[str], int],
) -> AsyncGenerator[ReplyPart, None]:
    """Yield a reply as ``change`` words it.

    ``find_ready`` tells how many characters of a text are sure to be no beginning of what is
    to be changed; the rest of it is held until that is known: a word or two.
    """
    held = ""
    async for part in parts:
        if isinstance(part, TextDelta):
            held += part.text
            ready = find_ready(held)
            said, held = change(held[:ready]), held[ready:]
            if said:
                yield TextDelta(said)
            continue
        if isinstance(part, Restarted):
            held = ""
        yield part
    if said := change(held):
        yield TextDelta(said)
