"""The words in which the program says what she is. No model has a part in them."""

from companion.domain.disclosure import AgeGroup
from companion.safety.sanitise import make_harmless

AGE_QUESTION = "How old are you?"
AGE_REASON = (
    "Kept on this machine. If you are under 18, the model is told, and breaks are suggested."
)
AGE_NAMES = {
    AgeGroup.ADULT: "18 or older",
    AgeGroup.MINOR: "Under 18",
    AgeGroup.UNSAID: "I'd rather not say",
}
"""What can be answered, in the order in which it is offered."""

_LONGEST_NAME = 40
_AI = "You are talking with an AI."
_MINORS = "She may not be suitable for some minors."
_BREAK = "A good moment for a break: stand up, drink something, look out of a window."


def introduce(name: str, age: AgeGroup) -> str:
    """Return what is said when a session begins."""
    said = f"{_AI} {_tidy(name)} is software, not a person, and can be wrong."
    return said if age is AgeGroup.ADULT else f"{said} {_MINORS}"


def remind(name: str, age: AgeGroup) -> str:
    """Return what is said again while it goes on."""
    said = f"A reminder: {_AI[0].lower()}{_AI[1:]} {_tidy(name)} is software, not a person."
    return f"{said} {_BREAK}" if age is AgeGroup.MINOR else said


def _tidy(name: str) -> str:
    """Return a persona's name as one short word or two: its file may be anybody's."""
    return " ".join(make_harmless(name).split())[:_LONGEST_NAME]
