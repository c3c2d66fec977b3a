"""What a message wants: an answer, advice, to leave, or just to be heard."""

import re
from enum import Enum


class Intent(Enum):
    """What the user wants of the reply."""

    TELL = "tell"
    QUESTION = "question"
    ADVICE = "advice"
    FAREWELL = "farewell"


_ADVICE = re.compile(
    r"\b(?:what (?:should|shall|would|can|could|do) (?:i|we|you) (?:do|say|suggest|recommend|tell)"
    r"|(?:any|some|need|want|give me|got) (?:advice|tips?|ideas?|suggestions?)"
    r"|how (?:do|can|should|would|shall|could) (?:i|we) (?!look\b)\w+"
    r"|what (?:now|next)\?|(?:should|shall) (?:i|we)\b|do you think (?:i|we) should"
    r"|(?:is|are) there (?:anything|something) (?:i|we) (?:can|could)"
    r"|help me (?:decide|choose|figure|think|write|plan))",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|well|alright|right|anyway|thanks|thank you|thx)\b[\s,.!]*)*"
    r"(?:(?:(?:good ?)?(?:bye|night)(?: bye| night)?|see (?:you|ya)|ttyl|cya"
    r"|talk (?:to you )?(?:later|tomorrow|soon))\b(?=\W|\s*$)(?:(?!\s+\w+\s+\w+\s+\w).)*$"
    r"|(?:i(?:'m| am) )?(?:off|heading|going) to (?:bed|sleep|work)\b"
    r"|(?:i )?(?:gotta|got to|have to|must|need to) (?:go|run|leave|sleep)"
    r"(?=\s*(?:$|[.,!;:]|now\b|and\b|bye\b|to (?:bed|sleep|work)\b|talk\b)))",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^\W*(?:so |and |but |hey,? |hi,? |ok,? )?(?:who|what|when|where|why|which|how|is|are|was|were"
    r"|do|does|did|can|could|would|will|have|has|tell me)\b",
    re.IGNORECASE,
)
_LONG = 200


def find_intent(text: str) -> Intent:
    """Return what a message wants; telling is the most common thing by far."""
    text = text.replace("\u2019", "'")
    if _ADVICE.match(text.strip()) or ("?" in text and _ADVICE.search(text[-_LONG:])):
        return Intent.ADVICE
    if len(text) <= _LONG and _FAREWELL.match(text):
        return Intent.FAREWELL
    asks = text.rstrip(" .!").endswith("?")
    last = re.split(r"(?<=[.!?])\s+", text.strip())[-1]
    if len(text) <= _LONG and asks and (_QUESTION.match(last) or len(last.split()) <= 6):
        return Intent.QUESTION
    return Intent.TELL
