"""Not calling the user by her own name, as a small model does: "Good night, Samantha."

Nor by what stands for a name in a letter: "Hello, [your name]."
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from functools import partial

from companion.conversation.rewriting import rewrite
from companion.domain.model import ReplyPart

_BLANKS = ("[your name]", "[name]", "[user]", "[user's name]")


def drop_own_name(parts: AsyncIterator[ReplyPart], name: str) -> AsyncGenerator[ReplyPart, None]:
    """Return a reply without its speaker's ``name`` where it addresses somebody."""
    names = (name, *_BLANKS)
    any_name = "|".join(map(re.escape, names))
    address = re.compile(rf",\s(?:{any_name})(?=\s*(?:[.!?,;:\u2026]|$))", re.IGNORECASE)
    return rewrite(parts, partial(address.sub, ""), partial(_find_ready, names=names))


def _find_ready(text: str, names: Sequence[str]) -> int:
    comma = text.rfind(",")
    begun = text[comma:].lower() if comma >= 0 else ""
    addresses = [f", {name}".lower() for name in names]
    open_ = any(each.startswith(begun) or begun.rstrip() == each for each in addresses)
    return comma if begun and open_ else len(text)
