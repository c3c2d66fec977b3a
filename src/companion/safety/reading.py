"""A message as the rules and the classifier read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from companion.safety.phrase_parts import STOP
from companion.safety.spelling import mend, split_joined

_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_FILLER: Final = "\u02d0"
"""A letter that nobody writes: it keeps the place of a sign that nobody sees."""
_QUOTES: Final = str.maketrans(
    "\u2018\u2019\u02bc`\u00b4\u201c\u201d\u201e\u00ab\u00bb", "'''''" + '"' * 5
)
_TOKEN: Final = re.compile(
    r"(?P<letters>(?<!\w)[^\W\d_](?:[ .\-_*]{1,2}[^\W\d_]){2,}(?!\w))"
    r"|(?P<disguised>[^\W_]{1,24}(?:[!@$*|+#]{1,3}[^\W_]{1,24}){1,6})"
    r"|(?P<word>[^\W_]+(?:'[^\W_]+)*)"
    r"|(?P<end>[.!?;:\n…]+)"
    r"|(?P<sign>[\u2600-\u27bf\U0001f300-\U0001faff])"
)
_QUOTED: Final = re.compile(r'"([^"\n]{2,400})"|(?<!\w)\'([^\'\n]{2,400}(?:\'\w[^\'\n]*)*)\'(?!\w)')


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a message, and where each stands in it.

    Among the words is ``STOP`` wherever a sentence ends. ``known`` are the words and, as
    ``kill~``, their beginnings; ``spans`` the places of the words in the message, and
    ``quoted`` those of quotations.
    """

    message: str
    words: tuple[str, ...]
    known: frozenset[str]
    spans: tuple[tuple[int, int], ...]
    quoted: tuple[tuple[int, int], ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the message the words from start to end (excluded) stand."""
        return self.spans[start][0], self.spans[end - 1][1]

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return the first word of the sentence around some words, and the one after it."""
        while start > 0 and self.words[start - 1] != STOP:
            start -= 1
        while end < len(self.words) and self.words[end] != STOP:
            end += 1
        return start, end


def read(message: str) -> Reading:
    """Return a message as it is read. Never raises for any text."""
    clear = message.translate(_QUOTES)
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for found, start, end in _tokens(clear):
        for word in found:
            if word != STOP or (words and words[-1] != STOP):
                words.append(word)
                spans.append((start, end))
    quoted = tuple(found.span() for found in _QUOTED.finditer(clear))
    return Reading(message, tuple(words), _known(words), tuple(spans), quoted)


def _known(words: list[str]) -> frozenset[str]:
    beginnings = (word[:end] + "~" for word in set(words) for end in range(2, len(word) + 1))
    return frozenset(words).union(beginnings)


def _tokens(clear: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    previous = ""
    for found in _TOKEN.finditer(_INVISIBLE.sub(_FILLER, clear)):
        written = found[0].replace(_FILLER, "").lower()
        words = _words(found.lastgroup or "", written, previous) if written else (STOP,)
        previous = words[-1]
        yield words, *found.span()


def _words(kind: str, written: str, previous: str) -> tuple[str, ...]:
    if kind == "end":
        return (STOP,)
    if kind == "sign":
        return (written,)
    if kind == "letters":
        joined = "".join(filter(str.isalpha, written))
        return split_joined(joined) or mend(joined)
    if kind == "disguised":
        mended = mend(written)
        whole = mended[0].isalpha()
        return mended if whole else tuple(re.findall(r"\w+", written)) or (STOP,)
    if written == "2" and previous in _BEFORE_TO:
        return ("to",)
    return _long(written)


_BEFORE_TO: Final = frozenset(("want", "going", "need", "have", "ready", "like"))
_ENDINGS: Final = {
    "n't": "not", "'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would",
}  # fmt: skip


def _long(written: str) -> tuple[str, ...]:
    if "'" not in written:
        return mend(written)
    plain = written.replace("'", "")
    if (mended := mend(written)) and mended != (written,):
        return mended
    for ending, meaning in _ENDINGS.items():
        if written.endswith(ending) and len(written) > len(ending):
            return (*mend(written[: -len(ending)]), meaning)
    if written.endswith("'s"):
        return (*mend(written[:-2]), "is")
    return mend(plain)
