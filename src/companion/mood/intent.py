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
_VERDICT = re.compile(rf"\b(?:{'|'.join(_VERDICTS)})", re.IGNORECASE)
_TAG = re.compile(r"\b(?:right|no|yes)\s*\?+[\s!?]*$", re.IGNORECASE)
_OWN = re.compile(r"\b(?:i|i'\w+|i[mv]e?|my|me|we)\b", re.IGNORECASE)
_OPINION = re.compile(
    r"\b(?:should(?:n't| not)? have|(?:her|his|their) fault|isn't (?:he|she|it))\b", re.IGNORECASE
)
# "She'll be fine, right?" asks for comfort, "you remember her, right?" for a fact.
_HOPE = re.compile(
    r"(?:'ll|\bwill|\bgoing to|\bgonna) (?:all )?(?:be|get|make|pull|come|go|live|survive)\b",
    re.IGNORECASE,
)
_ASKS_YOU = re.compile(r"^\W*(?:(?:so|and|but|ok|well) )?you\b", re.IGNORECASE)
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
    if _OTHERS.search(text) and (_VERDICT.search(text[-_LONG:]) or _is_tagged(text)):
        return Intent.VERDICT
    if len(text) <= _LONG and _FAREWELL.match(text):
        return Intent.FAREWELL
    asks = len(text) <= _LONG and text.rstrip(" .!").endswith("?")
    return Intent.QUESTION if asks and _wants_answer(_find_last(text)) else Intent.TELL


def _is_tagged(text: str) -> bool:
    """Tell whether one's own doing or an opinion is told, and a "right?" asks for consent."""
    last = _find_last(text)
    told = _OPINION.search(last) or (_OWN.search(text) and not _ASKS_YOU.match(last))
    asks = _TAG.search(text) and not _HOPE.search(last) and not _QUESTION.match(last)
    return bool(told and asks)


def _wants_answer(last: str) -> bool:
    if _TAG.search(last) and _HOPE.search(last):
        return False
    return bool(_QUESTION.match(last) or _ASKS_YOU.match(last) or len(last.split()) <= 6)


def _find_last(text: str) -> str:
    """Return the last sentence; a "Right?" by itself belongs to the one before it."""
    parts = re.split(r"(?<=[.!?])\s+", text.strip())
    return " ".join(parts[-2:] if _TAG.match(parts[-1]) else parts[-1:])


def is_quarrel(text: str) -> bool:
    """Tell whether somebody is told to be cross or hurt, or is called names."""
    return bool(_QUARREL.search(text))
