"""What emoji and emoticons say."""

from collections.abc import Sequence

from companion.mood.lexicon import faces
from companion.mood.phrases import Sign
from companion.mood.words import Token


def face_signs(tokens: Sequence[Token]) -> list[Sign]:
    """Return a sign for each kind of face in the message."""
    known, found = faces(), {}
    for token in tokens:
        if token.kind in ("face", "sign") and token.text not in found:
            labels = known.get(token.text) or known.get(token.text.lower(), ())
            if labels:
                found[token.text] = Sign("face", labels, "", token.start, token.end)
    return list(found.values())
