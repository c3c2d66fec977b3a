"""Cuts a message into the words and signs that the mood model reads."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

LONGEST: Final = 1200
"""How many characters of a message are read: its beginning and its end."""

EMOTICONS: Final = (
    r"[<>]?[:;=8xX][\-o'^]?[)(\]\[dDpPoO0/\\|*3@$](?![A-Za-z0-9])|<+/?3+|\b[Tt][_.][Tt]\b"
    r"|[(\[][\-o'^]?[:;=](?![A-Za-z0-9])|\b[xX][dD]+\b|[;qQuUoO>^.-][_.]{1,3}[;qQuUoO<^.-]"
    r"|[^\w\s]\\_\(.{1,2}\)_/[^\w\s]|:'+[()]|\^\^|\bD:"
)
TOKEN: Final = re.compile(
    rf"(?P<face>(?<![A-Za-z0-9])(?:{EMOTICONS}))"
    r"|(?P<word>[^\W\d_]+(?:['\u2019][^\W\d_]+)*)"
    r"|(?P<number>\d[\d.,:]*)"
    r"|(?P<mark>[!?]+|\.{2,}|…|[.,;:()])"
    r"|(?P<sign>[\u203c-\u3299\U0001f000-\U0001faff])"
)
_ODD: Final = re.compile(
    r"[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff]"
)
_SKIN: Final = re.compile(r"[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
_MARKS: Final = dict.fromkeys("\u2019\u2018\u00b4`", "'") | {"\u201c": '"', "\u201d": '"'}


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign: as it is read, its kind, and where it stands in the message."""

    text: str
    kind: str
    start: int
    end: int


def capped(text: str) -> str:
    """Return what is read of a message: all of it, or its beginning and its end."""
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"


def readable(text: str) -> str:
    """Return what is read of a message, in the same places, without what no one sees."""
    return _ODD.sub(" ", capped(text)).translate(_TABLE)


_TABLE: Final = str.maketrans(_MARKS)


def tokens(text: str) -> list[Token]:
    """Return the words and signs of a readable text."""
    return [
        Token(_lower(match[0]), match.lastgroup or "", match.start(), match.end())
        for match in TOKEN.finditer(text)
        if not _SKIN.fullmatch(match[0])
    ]


@lru_cache(maxsize=4096)
def _lower(word: str) -> str:
    return word.lower() if word[0].isalpha() and not _is_face(word) else word


def _is_face(word: str) -> bool:
    return bool(re.search(r"[^\w'\u2019]", word)) and not word.isalpha()


def network_words(found: list[Token]) -> list[str]:
    """Return what the network reads of the tokens."""
    return [_network_word(token) for token in found]


def _network_word(token: Token) -> str:
    if token.kind == "number":
        return "0"
    if token.kind == "mark":
        return _mark(token.text)
    return token.text


def _mark(mark: str) -> str:
    if mark.startswith("..") or mark == "…":
        return "..."
    if "?" in mark and "!" in mark:
        return "?!"
    return mark[:2]
