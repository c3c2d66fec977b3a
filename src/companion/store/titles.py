"""What a conversation is called before the user names it."""

_LENGTH = 48


def title_of(text: str) -> str:
    """Return the beginning of a message, cut at a word, as a title."""
    line = " ".join(text.split())
    if len(line) <= _LENGTH:
        return line
    return line[:_LENGTH].rsplit(" ", 1)[0] + " …"
