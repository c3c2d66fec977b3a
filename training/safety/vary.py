"""Other ways to write the same message, so that the classifier does not hang on one."""

import re
import zlib
from collections.abc import Iterator

BEFORE = ("", "honestly ", "idk ", "Samantha, ", "so ", "ok ", "lately ", "ugh ")
AFTER = ("", ".", "...", " really", " and that's it", " I guess", " today")
OTHERS = {
    "mum": "dad", "dad": "mum", "husband": "wife", "wife": "husband", "he": "she", "she": "he",
    "him": "her", "his": "her", "brother": "sister", "sister": "brother", "son": "daughter",
    "daughter": "son", "boyfriend": "girlfriend", "girlfriend": "boyfriend",
}  # fmt: skip


def variations(text: str) -> tuple[str, ...]:
    """Return the message itself first, then a few others, chosen by its own letters."""
    return (text, *_others(text, zlib.crc32(text.encode())))


def _others(text: str, chance: int) -> Iterator[str]:
    yield BEFORE[chance % len(BEFORE)] + text.rstrip(".") + AFTER[chance // 8 % len(AFTER)]
    yield re.sub(r"\w+", lambda found: OTHERS.get(found[0], found[0]), text)
    letters = [at for at, sign in enumerate(text) if sign.isalpha()]
    if len(letters) > 8:
        at = letters[chance // 64 % (len(letters) - 1)]
        yield text[:at] + text[at + 1 :]
        yield text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]
