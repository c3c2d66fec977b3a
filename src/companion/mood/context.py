"""Reads a short answer together with what was asked: "yes" after "are you still angry?"."""

import re
from typing import Final

from companion.mood.lexicon import table

_YES: Final = re.compile(table("answers")["yes"], re.X)
_NO: Final = re.compile(table("answers")["no"], re.X)
_ALSO: Final = re.compile(table("answers")["also"], re.X)
_SWAP: Final = {
    "your": "my", "yours": "mine", "yourself": "myself", "my": "your", "me": "you", "you": "i",
    "i": "you", "mine": "yours", "myself": "yourself",
}  # fmt: skip
_ASK: Final = re.compile(
    r"\b(are|were|do|did|does|is|was|has|have|had|can|could|would|will|am)"
    r" (you|it|he|she|they|that|this|there|the [a-z]+|your [a-z]+) ([^?.]+)"
)


def answer(said: str, asked: str) -> str:
    """Return what a short answer says in full, or nothing if it is no such answer.

    Both texts are plain: lower case, contractions written out, a "." or "?" between
    sentences.
    """
    said = re.sub(r"[.?]+", " ", said)
    said = " ".join(said.split())
    if not said or len(said.split()) > 7 or not asked:
        return ""
    if _ALSO.fullmatch(said):
        return asked.split("?")[0]
    agreed, denied = _YES.fullmatch(said), _NO.fullmatch(said)
    if not agreed and not denied:
        return ""
    return _stated(asked, denied=not agreed)


def _stated(asked: str, *, denied: bool) -> str:
    found = list(_ASK.finditer(asked))
    of_you = [match for match in found if match[2] == "you"]
    if not found:
        return ""
    if not of_you and not denied:
        return " ".join(
            "me" if word == "you" else _SWAP.get(word, word)
            for word in asked.replace("?", ".").split()
        )
    verb, who, rest = (of_you or found)[-1].groups()
    words = " ".join("me" if word == "you" else _SWAP.get(word, word) for word in rest.split())
    who = " ".join(_SWAP.get(word, word) for word in who.split())
    if who == "i":
        verb = {"are": "am", "were": "was"}.get(verb, verb)
    if denied:
        return f"{who} {verb} not {words}"
    return " ".join(f"{who} {'' if verb in ('do', 'did', 'does') else verb} {words}".split())
