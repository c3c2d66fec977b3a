"""What a prompt is made of, one and the same for her replies, for recall and for sessions."""

WINDOW = 400
"""So many messages are looked at; no model has room for more."""
STRETCHES = 40
"""So many stretches before the window have more sentences than any model has room for."""


def describe_user(name: str | None, age: str) -> str:
    """Return what a model is told of the user: the name, and of a minor that they are one."""
    return " ".join(filter(None, (f"You are talking with {name}." if name else "", age)))
