"""Hearing the user put a wrong impression right: "no, I'm not sad, just tired"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from companion.domain.mood import Appraisal

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
_CLEAR = 0.1
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


def find_denied(denied: Appraisal, recent: Mapping[int, Appraisal]) -> int | None:
    """Return which of ``recent``, oldest first, is the one that the user says is wrong.

    That is the last one of the same feeling, else the last one of the same direction; none
    where the denied feeling was seen nowhere.
    """
    same = [key for key, seen in recent.items() if _shares_feeling(denied, seen)]
    alike = [key for key, seen in recent.items() if _shares_direction(denied, seen)]
    found = same or alike
    return found[-1] if found else None


def _shares_feeling(denied: Appraisal, seen: Appraisal) -> bool:
    felt = set(denied.labels) - {"neutral"}
    return bool(felt.intersection(seen.labels)) or denied.word == seen.word


def _shares_direction(denied: Appraisal, seen: Appraisal) -> bool:
    one, other = denied.affect.valence, seen.affect.valence
    guessed = seen.known and not seen.word
    return guessed and min(abs(one), abs(other)) >= _CLEAR and (one > 0) == (other > 0)
