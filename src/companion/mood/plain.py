"""The plain text that phrases are looked for in, and where each word of it came from."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from companion.mood.lexicon import word_list
from companion.mood.words import Token

_ENDS: Final = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}
_IS: Final = word_list("plain_is")
_WHOLE: Final = {
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not",
    "ain't": "is not", "cant": "can not", "im": "i am", "ive": "i have", "dont": "do not",
    "didnt": "did not", "doesnt": "does not", "isnt": "is not", "wasnt": "was not",
    "wont": "will not", "couldnt": "could not", "wouldnt": "would not", "havent": "have not",
    "hasnt": "has not", "arent": "are not", "shouldnt": "should not", "werent": "were not",
    "hes": "he is", "shes": "she is", "thats": "that is", "theyre": "they are", "aint": "is not",
    "whats": "what is", "feelin": "feeling", "goin": "going", "doin": "doing", "tryin": "trying",
    "youre": "you are", "gonna": "going to", "wanna": "want to",
    "gotta": "got to", "dunno": "do not know", "idk": "i do not know", "kinda": "kinda",
    "cuz": "because", "coz": "because", "bc": "because", "ur": "your", "r": "are",
    "u": "you", "pls": "please", "ppl": "people", "tho": "though", "til": "until",
    "idc": "i do not care", "ngl": "ngl", "tbh": "tbh", "let's": "let us", "y'all": "you all",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain words parted by blanks, and for each the place in the message."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    places: tuple[tuple[int, int], ...]
    breaks: frozenset[int]
    """The words before which a comma or the like stood."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the message of a part of the plain text."""
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, max(start, end - 1)) - 1
        return self.places[max(first, 0)][0], self.places[max(last, 0)][1]


def plain(tokens: Sequence[Token], mend: Callable[[str], str]) -> Plain:
    """Return the plain text of a message's tokens; ``mend`` corrects the spelling of a word."""
    words: list[str] = []
    places: list[tuple[int, int]] = []
    breaks = set()
    for token in tokens:
        if token.kind in ("mark", "face", "sign"):
            breaks.add(len(words))
        found = _words(token, mend)
        words += found
        places += [(token.start, token.end)] * len(found)
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    return Plain(" ".join(words), tuple(words), tuple(starts), tuple(places), frozenset(breaks))


def _words(token: Token, mend: Callable[[str], str]) -> list[str]:
    if token.kind == "number":
        return ["0"]
    if token.kind == "mark":
        return _mark(token.text)
    if token.kind != "word":
        return []
    return expanded(mend(token.text))


def _mark(mark: str) -> list[str]:
    if mark in ",:()":
        return []
    return ["?"] if "?" in mark else ["."]


def expanded(word: str) -> list[str]:
    """Return a word with its contraction written out: can't, can not."""
    whole = _WHOLE.get(word)
    if whole:
        return whole.split()
    if word.endswith("n't"):
        return [word[:-3], "not"]
    for end, meant in _ENDS.items():
        if word.endswith(end):
            return [word[: -len(end)], meant]
    if word.endswith("'s"):
        return [word[:-2], "is" if word[:-2] in _IS else "'s"]
    return [word.rstrip("'")] if re.search(r"\w", word) else []
