"""Whose words: what the user says of themselves, turned to "they", and back to "you"."""

import re

_THIRD = {
    **{"i'm": "they are", "i've": "they have", "i'll": "they will", "i'd": "they would"},
    **{"i am": "they are", "i was": "they were", "i": "they", "me": "them", "my": "their"},
    **{"mine": "theirs", "myself": "themselves", "we're": "they are", "we've": "they have"},
    **{"we'll": "they will", "we": "they", "us": "them", "our": "their", "ours": "theirs"},
    **{"ourselves": "themselves", "am": "are"},
}
_SECOND = {
    **{"they": "you", "them": "you", "their": "your", "theirs": "yours"},
    **{"themselves": "yourself"},
}
_FROM_YOU = {
    **{"you're": "they are", "you've": "they have", "you'll": "they will", "you": "them"},
    **{"your": "their", "yours": "theirs", "yourself": "themselves", "me": "you", "my": "your"},
}


def _table(words: dict[str, str]) -> tuple[re.Pattern[str], dict[str, str]]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(longest_first)})\b(?!')", re.IGNORECASE), words


_TO_THIRD, _TO_SECOND, _OF_YOU = _table(_THIRD), _table(_SECOND), _table(_FROM_YOU)


def to_third(text: str) -> str:
    """Return what the user says of themselves as it is said of them: ``their landlord``."""
    return _turn(text.replace("\u2019", "'"), *_TO_THIRD)


def to_second(text: str) -> str:
    """Return a memory as it is said to the user: ``Ana is your sister.``."""
    return _turn(text, *_TO_SECOND)


def from_her(text: str) -> str:
    """Return what she says to the user as it is said of them: ``ask them``."""
    return _turn(text.replace("\u2019", "'"), *_OF_YOU)


def _turn(text: str, pattern: re.Pattern[str], words: dict[str, str]) -> str:
    def swap(match: re.Match[str]) -> str:
        said = match[0]
        turned = words[said.lower()]
        first = match.start() == 0 or text[: match.start()].rstrip().endswith((".", "!", "?"))
        return turned[0].upper() + turned[1:] if first and said[0].isupper() else turned

    return pattern.sub(swap, text)
