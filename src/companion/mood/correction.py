"""Hearing the user put a wrong impression right: "no, I'm not sad, just tired"."""

import re
from dataclasses import dataclass

_SELF = r"(?:i'?m|i am|i feel|i'?m feeling|i am feeling)"
_DEGREE = r"(?:just|only|simply|more like|more|rather|a bit|a little|kind of|kinda|really|so|very)"
_WORDS = r"(?P<word>[a-z][a-z' -]{1,40}?)"
_END = r"(?=[.!?,;]|\s+(?:today|tonight|now|right now|at the moment|is all|that'?s all|lol)\b|$)"
_DENIAL = rf"(?:{_SELF}\s+)?not\s+(?:really\s+)?(?P<denied>[a-z' -]{{2,30}}?)"
_BRIDGE = rf"(?:\s*[,;.:\u2013\u2014-]+\s*|\s+)(?:but\s+)?(?:{_SELF}\s+)?(?:{_DEGREE}\s+)+"
_TURN = rf"(?:\s*[,;.:\u2013\u2014-]+\s*)(?:but\s+)?{_SELF}\s+(?:{_DEGREE}\s+)*"
_CORRECTION = re.compile(
    rf"^\W*(?:(?:no|nah|nope|hm+|well|actually|oh)\b[\s,.!]*)*{_DENIAL}(?:{_BRIDGE}|{_TURN})"
    rf"{_WORDS}{_END}",
    re.IGNORECASE,
)
_PLAIN_NO = re.compile(
    rf"^\W*(?:no|nah|nope|actually)\b[\s,.!]*(?:{_SELF}\s+)?(?:just|only|more like)\s+"
    rf"(?:{_DEGREE}\s+)*{_WORDS}{_END}",
    re.IGNORECASE,
)
_LOOKED_AT = 200
_NOT_A_FEELING = re.compile(r"\b(?:here|there|saying|asking|wondering|kidding|going|trying)\b")


@dataclass(frozen=True, slots=True)
class OwnWord:
    """What the user says they feel, and what they say they do not, if they name it."""

    word: str
    denied: str = ""


def find_own_word(text: str) -> OwnWord | None:
    """Return the word by which a message puts an impression right, if it does so."""
    text = text[:_LOOKED_AT].replace("\u2019", "'").strip()
    match = _CORRECTION.match(text) or _PLAIN_NO.match(text)
    if match is None or _NOT_A_FEELING.search(match["word"].lower()):
        return None
    return OwnWord(" ".join(match["word"].split()), match.groupdict().get("denied") or "")
