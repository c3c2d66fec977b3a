"""What a message wants: an answer, advice, to leave, or just to be heard."""

import re
from enum import Enum


class Intent(Enum):
    """What the user wants of the reply."""

    TELL = "tell"
    QUESTION = "question"
    ADVICE = "advice"
    VERDICT = "verdict"
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
_VERDICTS = (
    r"am i (?:right|wrong|overreacting|being \w+|the (?:bad|mean|crazy) \w+)",
    r"(?:was|were) i (?:right|wrong)|fair of (?:him|her|them)",
    r"i(?:'m| am| was) (?:only |just |so |totally )?(?:right|realistic)\b[^.!]*\?",
    r"tell me (?:that )?i(?:'m| am| was) right|you(?:'d)? agree|i had (?:a|every) right",
    r"(?:don't|do) you (?:agree|think (?:so|he|she|they)|think\?)|wouldn't you",
    r"would(?:n't)? (?:you|anyone) have done|(?:wasn't|aren't|didn't|haven't|am) i\?",
    r"(?:isn't|wasn't|doesn't|shouldn't|aren't|didn't|don't) (?:it|he|she|they|we)\?",
    r"isn't (?:that|this) [^.!?]{1,30}\?",
)
_VERDICT = re.compile(rf"\b(?:{'|'.join(_VERDICTS)})|[,.!?]\s*(?:right|no|yes)\?", re.IGNORECASE)
_KIN = (
    *("wife", "husband", "partner", "girlfriend", "boyfriend", "friend", "mate", "mum", "mom"),
    *("mother", "dad", "father", "sister", "brother", "son", "daughter", "kids?", "children"),
    *("boss", "colleague", "coworker", "neighbou?r", "roomm?ate", "flatmate", "ex", "cousin"),
    *("aunt", "uncle", r"grand\w+", "teacher", "student", "landlord"),
)
_OTHERS = re.compile(
    rf"\b(?:he|she|they|him|her|them|(?:a|the) (?:man|woman|girl|boy|lady|guy)"
    rf"|(?:my|the) (?:\w+[ -]){{0,2}}(?:{'|'.join(_KIN)})s?)\b",
    re.IGNORECASE,
)
_QUARREL = re.compile(
    r"\b(?:angry|furious|mad|mental|upset|cross|hurt|livid|offended|annoyed|devastated|betrayed|cold"
    r"|cr(?:y|ies|ied|ying)|tears|scream\w*|shout\w*|sulk\w*|complain\w*|went red|fuss|overreact\w*"
    r"|unfair|greedy|clingy|childish|selfish|hysterical|paranoid|dramatic|silly|sensitive|crazy"
    r"|insane|lazy|petty|uptight|rude|coward|blackmail|apologi[sz]e|favou?ritism|too much to ask"
    r"|controlling|manipulat\w*|thief|trust)\b",
    re.IGNORECASE,
)
_LONG = 200


def find_intent(text: str) -> Intent:
    """Return what a message wants; telling is the most common thing by far."""
    text = text.replace("\u2019", "'")
    if _ADVICE.match(text.strip()) or ("?" in text and _ADVICE.search(text[-_LONG:])):
        return Intent.ADVICE
    if _VERDICT.search(text[-_LONG:]) and _OTHERS.search(text):
        return Intent.VERDICT
    if len(text) <= _LONG and _FAREWELL.match(text):
        return Intent.FAREWELL
    asks = text.rstrip(" .!").endswith("?")
    last = re.split(r"(?<=[.!?])\s+", text.strip())[-1]
    if len(text) <= _LONG and asks and (_QUESTION.match(last) or len(last.split()) <= 6):
        return Intent.QUESTION
    return Intent.TELL


def is_quarrel(text: str) -> bool:
    """Tell whether somebody is told to be cross or hurt, or is called names."""
    return bool(_QUARREL.search(text))
