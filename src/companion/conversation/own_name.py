"""Not calling the user by her own name, as a small model does: "Good night, Samantha."

Nor by what stands for a name in a letter: "Hello, [your name]."
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence

from companion.domain.model import ReplyPart, Restarted, TextDelta

_BLANKS = ("[your name]", "[name]", "[user]", "[user's name]")


async def drop_own_name(
    parts: AsyncIterator[ReplyPart], name: str
) -> AsyncGenerator[ReplyPart, None]:
    """Yield a reply without its speaker's ``name`` where it addresses somebody.

    What may become such an address is held until it is one or not: a word or two.
    """
    names = (name, *_BLANKS)
    any_name = "|".join(map(re.escape, names))
    address = re.compile(rf",\s(?:{any_name})(?=\s*(?:[.!?,;:\u2026]|$))", re.IGNORECASE)
    held = ""
    async for part in parts:
        if isinstance(part, TextDelta):
            held += part.text
            ready = _find_ready(held, names)
            said, held = address.sub("", held[:ready]), held[ready:]
            if said:
                yield TextDelta(said)
            continue
        if isinstance(part, Restarted):
            held = ""
        yield part
    if said := address.sub("", held):
        yield TextDelta(said)


def _find_ready(text: str, names: Sequence[str]) -> int:
    """Return how much of a text is sure to be no beginning of an address."""
    comma = text.rfind(",")
    begun = text[comma:].lower() if comma >= 0 else ""
    addresses = [f", {name}".lower() for name in names]
    open_ = any(each.startswith(begun) or begun.rstrip() == each for each in addresses)
    return comma if begun and open_ else len(text)
