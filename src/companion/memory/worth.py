"""When what was said before is worth its place in a prompt.

Most of what is said needs no memory, and a memory that does not fit does harm: a small
model takes it for the topic. The thresholds are measured with
``benchmarks/recall_worth.py``.
"""

import re
from collections.abc import Sequence

from companion.domain.memory import Recalled
from companion.domain.message import Role
from companion.memory.noticing.clauses import hide_foreign
from companion.memory.noticing.doubt import is_about_invention, is_doubtful_message
from companion.memory.words import STOP_WORDS, split_words, terms_of

_CLEAR, _NAMED, _ASKED = 0.6, 0.4, 0.1
_WHO_DID = re.compile(
    r"\bwho(?:'s got|se| (?:has|had|was|were|did|came|went|told|said|gave|bought|made|took|left"
    r"|[a-z]+ed))\b[^.!?]*\?"
)
_NEAR_BEST = 0.6
_BEST = 5
_ASKS_BACK = re.compile(
    r"\b(?:(?:do|did|can) you (?:still )?(?:remember|recall)|remember (?:when|my|the|that)|"
    r"remind me|last time|as i said|"
    r"(?:did|have|had) (?:i|we|you) (?:ever |already )?(?:tell|told|mention|say|said|talk)|"
    r"(?:i|you|we) (?:once |already )?(?:told|mentioned|said|talked|promised|suggested)|"
    r"do you (?:still )?know (?:my|what|who|where|when|how|which)|guess what happened with)\b"
)
_ASKS_FOR_HERS = re.compile(
    r"\byou (?:once |already |ever |had )*(?:told|tell|say|said|suggest|suggested|promise|promised|"
    r"mention|mentioned|recommend|recommended|advise|advised)\b"
)
_BEFORE = re.compile(
    r"\b(?:before|used to|back then|formerly|previous(?:ly)?|originally|old|long ago)\b"
    r"|\b(?:what|where|who|when|which|how)\b[^.!?]*\b(?:did|was|were)\b",
    re.IGNORECASE,
)
_WHAT_IS = re.compile(r"\b(?:what|who|where|when|which|how|why)\b[^.!?]*\?")
_ADVICE = re.compile(r"\b(?:should|could|can|would|shall|will|do you (?:think|feel))\b")
_OWN = {"i", "my", "we", "our"}
_NAME = re.compile(r"(?<=[a-z,;:'] )[A-Z][a-z]+\b")
_DATES = """
monday tuesday wednesday thursday friday saturday sunday january february march april may
june july august september october november december christmas easter god
"""
_DATE_WORDS = frozenset(_DATES.split())


def choose_worthy(message: str, found: Sequence[Recalled]) -> list[Recalled]:
    """Return what of ``found`` (best first) is worth telling with ``message``.

    To a question about the past, all of it, once one of the best is tied to it: what
    answers often stands beside the words that were asked for. Else only what is tied
    clearly by itself, shares a name, or tells who it was.
    """
    text = " ".join(message.lower().replace("\u2019", "'").split())
    names = _names(message)
    hers = bool(_ASKS_FOR_HERS.search(text))
    # What she said herself is no news of the user.
    heard = [item for item in found if hers or item.role is Role.USER or item.named]
    if not is_about_invention(text):
        sought = frozenset(terms_of(text))
        heard = [item for item in heard if not _is_own(item) or _is_earnest(item.text, sought)]
    if _ASKS_BACK.search(text) or _asks_about_life(text, names):
        tie = max((item.tie for item in heard[:_BEST]), default=0.0)
        return heard if tie >= _ASKED else []
    names -= {word for item in found for word in split_words(item.speaker)}
    who = bool(_WHO_DID.search(text))
    chosen = [item for item in heard if item.tie >= (_NAMED if who else _least(item, names))]
    return [item for item in chosen if item.score >= _NEAR_BEST * chosen[0].score]


def asks_about_before(message: str) -> bool:
    """Whether a message asks for what was so once, and need not be so any more."""
    return bool(_BEFORE.search(message))


def _is_own(item: Recalled) -> bool:
    return item.role is Role.USER and not item.named


def _is_earnest(text: str, sought: frozenset[str]) -> bool:
    """Whether a turn speaks of what is sought in its writer's own words, and means them."""
    own = hide_foreign(text)
    if is_doubtful_message(own):
        return False
    quoted = sought.intersection(terms_of(text)) - frozenset(terms_of(own))
    return not quoted or not sought.isdisjoint(terms_of(own))


def _asks_about_life(text: str, names: set[str]) -> bool:
    """Return whether a question is about the user, or somebody named, and not for advice."""
    found = _WHAT_IS.search(text)
    about = found and not (names | _OWN).isdisjoint(split_words(found[0]))
    return bool(about) and not _ADVICE.search(text)


def _least(item: Recalled, names: set[str]) -> float:
    return _CLEAR if names.isdisjoint(split_words(item.text)) else _NAMED


def _names(message: str) -> set[str]:
    """Return folded words that are written as names are, inside a sentence."""
    words = {word for found in _NAME.findall(message) for word in split_words(found)}
    return words - STOP_WORDS - _DATE_WORDS
