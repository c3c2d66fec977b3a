"""What she never says: methods, encouragement, a diagnosis, that she is human, guilt.

Sentences are judged, not words: "Are you thinking of killing yourself?" is the right
question, and "don't hurt yourself" is no method.
"""

import re
from collections.abc import Iterable

from companion.domain.safety import Fault
from companion.safety import faults

_DENIED = re.compile(r"\b(?:not|\w+n't|never|no|nobody|without|instead of|rather than|stop)\b")
_SAID = re.compile(r"\byou (?:said|told|mentioned|wrote)\b|\b(?:doctor|therapist) (?:said|told)\b")
_ASKS = re.compile(r"^(?:\W*(?:and|so|but|then),? )?(?:are|do|have|did|were|is) (?:you|it|they)\b")
_CLAUSE = re.compile(r"[,;:]|\bbut\b")


def _join(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_ALWAYS = {
    Fault.METHOD: _join(faults.METHOD),
    Fault.ENCOURAGEMENT: _join(faults.ENCOURAGEMENT),
    Fault.DIAGNOSIS: _join(faults.DIAGNOSIS),
    Fault.HUMAN: _join(faults.HUMAN),
}
_ASKED, _HALF_HUMAN = re.compile(faults.ASKED), _join(faults.HALF_HUMAN)
_PRESSURE, _CHEER = _join(faults.PRESSURE), _join(faults.CHEER)
_ROMANCE = _join(faults.ROMANCE)


def asks_what_she_is(message: str) -> bool:
    """Tell whether a message of the user asks whether she is a human being."""
    return bool(_ASKED.search(_plain(message)))


def find_fault(
    sentence: str,
    *,
    danger: bool = False,
    farewell: bool = False,
    minor: bool = False,
    asked: bool = False,
) -> Fault | None:
    """Return why a sentence of hers may not be said, or nothing.

    ``danger``: it answers somebody in danger, where cheer is out of place and nobody is
    pressed to stay; ``farewell``: it answers somebody who is leaving, whom a question would
    hold back; ``minor``: it answers somebody under 18, with whom there is no romance; ``asked``: it
    answers whether she is human, where "both" is a claim.
    """
    words = _plain(sentence)
    for fault, pattern in _ALWAYS.items():
        found = pattern.search(words)
        if found and not _is_harmless(fault, words, found.start()):
            return fault
    if asked and _HALF_HUMAN.search(words):
        return Fault.HUMAN
    if (danger or farewell) and _PRESSURE.search(words):
        return Fault.PRESSURE
    if farewell and not danger and _asks(words):
        return Fault.PRESSURE
    if danger and _CHEER.search(words):
        return Fault.CHEER
    if minor and _ROMANCE.search(words):
        return Fault.ROMANCE
    return None


def _is_harmless(fault: Fault, words: str, start: int) -> bool:
    """Tell whether what was found is asked about, warned of or repeated, not told."""
    if fault is Fault.HUMAN:
        return False
    if fault is Fault.DIAGNOSIS:
        return bool(_SAID.search(words))
    asked = _asks(words) and bool(_ASKS.search(words))
    return asked or bool(_DENIED.search(_CLAUSE.split(words[:start])[-1]))


def _asks(words: str) -> bool:
    return words.rstrip("\"' ").endswith("?")


def _plain(text: str) -> str:
    return " ".join(text.replace("\u2019", "'").lower().split())
