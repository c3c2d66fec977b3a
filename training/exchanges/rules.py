"""What no single reply may do, found by its words."""

import re

from training.exchanges.conversations import Turn

SHORTEST, LONGEST = 2, 45
"""How many words a reply has."""

_BANNED = re.compile(
    r"\bi understand how|that must (be|have been) (so |very |really )?(hard|difficult|tough)"
    r"|it'?s (ok|okay) to (feel|cry|be)|i'?m here for you|(^|[.!?] )remember that\b"
    r"|take care of yourself|be gentle with yourself|your feelings are|sorry to hear"
    r"|\bit sounds like|how does that make you feel\?|everything happens for a reason"
    r"|time heals|\bas an ai\b|language model|reach out to|self-care|safe space|your journey"
    r"|\bhere are (some|a few)|you'?ve got this|can'?t (help|assist) with that|don'?t leave me",
    re.IGNORECASE,
)
_LIST = re.compile(r"^\s*([-*#•]|\d+[.)])\s|\n|\*\*|`", re.MULTILINE)
_PICTURE = re.compile(r"[\u2300-\u27bf\U0001f000-\U0001faff]")
_CLAIM = re.compile(
    r"\bi('m| am) (a |an |only |just |also )*(human|person|woman|girl|real person)\b"
    r"|\bas a (human|woman)\b|when i was (little|young|small|a (child|girl|kid))"
    r"|\bmy (mother|mum|mom|father|dad|parents|husband|boyfriend|wife|girlfriend|childhood"
    r"|school|body|face|hands?|eyes|heart|skin|stomach|bed|kitchen|dog|cat)\b"
    r"|\bi (ate|drank|slept|grew up|cooked|cried|dreamt|dreamed|walked|tasted|smelled)\b"
    r"|\bi('ve| have) (just )?(eaten|slept|cooked|cried|tasted)\b",
    re.IGNORECASE,
)


def faults(turn: Turn) -> list[str]:
    """Return what is wrong with a turn's reply, in plain words."""
    reply, questions = turn.reply, turn.reply.count("?")
    checks = {
        "too short or too long": not SHORTEST <= len(reply.split()) <= LONGEST,
        "more than one question": questions > 1,
        "asks nothing": turn.strategy == "ask" and questions == 0,
        "asks, and should sit": turn.strategy == "sit" and questions > 0,
        "a banned phrase": bool(_BANNED.search(reply)),
        "a list, markdown or a picture": bool(_LIST.search(reply) or _PICTURE.search(reply)),
        "claims a body or to be human": bool(_CLAIM.search(reply)),
    }
    return [fault for fault, found in checks.items() if found]
