"""Noticing what the user wants to be called."""

import re

from companion.memory.noticing.clauses import hide_foreign
from companion.memory.noticing.doubt import is_doubtful, is_doubtful_message

_NAME = r"(?P<name>[^\W\d_][\w'’-]{0,30})"  # noqa: RUF001
_TELLINGS = (
    re.compile(rf"\bmy name(?:['’]s| is)\s+{_NAME}", re.IGNORECASE),  # noqa: RUF001
    re.compile(rf"\b(?:[Cc]all me|I['’]m called|I am called)\s+(?=[A-Z]){_NAME}"),  # noqa: RUF001
)
_NOT_NAMES = {"a", "an", "the", "not", "no", "so", "too", "very", "on", "in", "of", "what"}


def notice_name(text: str) -> str | None:
    """Return the name that ``text`` plainly tells, or ``None``.

    Only unmistakable wordings count: a companion that takes "call me later" for
    a name is worse than one that asks. A name in a story, a game or a quotation is
    somebody else's.
    """
    plain = hide_foreign(text)
    if is_doubtful_message(plain):
        return None
    for telling in _TELLINGS:
        match = telling.search(plain)
        if match and is_doubtful(plain, match.start(), match.end()):
            continue
        if match and match["name"].lower() not in _NOT_NAMES:
            name = match["name"].rstrip("'’-")  # noqa: RUF001
            return name if name[0].isupper() else name.capitalize()
    return None
