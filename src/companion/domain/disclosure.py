"""How old the user says they are, as far as the program wants to know."""

from enum import StrEnum


class AgeGroup(StrEnum):
    """What the user said to the age question. Nothing finer is asked or kept."""

    UNASKED = ""
    UNSAID = "unsaid"
    ADULT = "adult"
    MINOR = "minor"
