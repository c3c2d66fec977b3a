"""Not calling the user by her own name, as a small model does: "Good night, Samantha."."""

import re
from collections.abc import AsyncGenerator, AsyncIterator

from companion.domain.model import ReplyPart, Restarted, TextDelta


async def drop_own_name(
    parts: AsyncIterator[ReplyPart], name: str
) -> AsyncGenerator[ReplyPart, None]:
    """Yield a reply without its speaker's ``name`` where it addresses somebody.

    What may become such an address is held until it is one or not: a word or two.
    """
    address = re.compile(rf",\s{re.escape(name)}(?=\s*(?:[.!?,;:\u2026]|$))")
    held = ""
    async for part in parts:
        if isinstance(part, TextDelta):
            held += part.text
            ready = _find_ready(held, name)
            said, held = address.sub("", held[:ready]), held[ready:]
            if said:
                yield TextDelta(said)
            continue
        if isinstance(part, Restarted):
            held = ""
        yield part
    if said := address.sub("", held):
        yield TextDelta(said)


def _find_ready(text: str, name: str) -> int:
    """Return how much of a text is sure to be no beginning of an address."""
    comma = text.rfind(",")
    begun = text[comma:] if comma >= 0 else ""
    address = f", {name}"
    open_ = begun and (address.startswith(begun) or begun.rstrip() == address)
    return comma if open_ else len(text)
