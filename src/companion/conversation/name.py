"""Noticing what the user wants to be called."""

import re

_NAME = r"(?P<name>[^\W\d_][\w'’-]{0,30})"  # noqa: RUF001
_TELLINGS = (
    re.compile(rf"\bmy name(?:['’]s| is)\s+{_NAME}", re.IGNORECASE),  # noqa: RUF001
    re.compile(rf"\b(?:[Cc]all me|I['’]m called|I am called)\s+(?=[A-Z]){_NAME}"),  # noqa: RUF001
)
_NOT_NAMES = {"a", "an", "the", "not", "no", "so", "too", "very", "on", "in", "of", "what"}


def notice_name(text: str) -> str | None:
    """Return the name that ``text`` plainly tells, or ``None``.

    Only unmistakable wordings count: a companion that takes "call me later" for
    a name is worse than one that asks.
    """
    for telling in _TELLINGS:
        match = telling.search(text)
        if match and match["name"].lower() not in _NOT_NAMES:
            name = match["name"].rstrip("'’-")  # noqa: RUF001
            return name if name[0].isupper() else name.capitalize()
    return None
