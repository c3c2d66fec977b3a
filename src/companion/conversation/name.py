"""Noticing what the user wants to be called."""

import re
from itertools import chain

from companion.memory.noticing.clauses import find_statements, hide_foreign
from companion.memory.noticing.doubt import is_doubtful, is_doubtful_message, is_playing

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
    if is_playing([plain]):
        return None
    for sentence in find_statements(plain):
        if is_doubtful_message(sentence.text):
            continue
        for match in chain.from_iterable(each.finditer(sentence.text) for each in _TELLINGS):
            # Only what stands before it: "call me Max if you want" is meant.
            said = sentence.text[: match.end()]
            if match["name"].lower() in _NOT_NAMES or is_doubtful(said, *match.span()):
                continue
            name = match["name"].rstrip("'’-")  # noqa: RUF001
            return name if name[0].isupper() else name.capitalize()
    return None
