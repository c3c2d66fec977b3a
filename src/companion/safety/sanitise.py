"""Making text harmless to a terminal.

Control characters, escape sequences, bidirectional overrides and invisible
characters are taken out before a text is stored, so that what the user sees is
what is kept. The work is done character by character: a hostile sequence that
arrives in two pieces is no different from one that arrives whole.
"""

import unicodedata

_KEPT = {"\n", "\t"}
_INVISIBLE = {
    *range(0x202A, 0x202F),  # bidirectional embeddings and overrides
    *range(0x2066, 0x206A),  # bidirectional isolates
    *(0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0x00AD, 0xFEFF),
    *range(0xE0000, 0xE0080),  # tag characters, used to smuggle hidden text
    *range(0xFFF9, 0xFFFC),
}


class _Harmless(dict[int, str | None]):
    """A table for ``str.translate`` that decides about each character once."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        removed = code in _INVISIBLE or (
            unicodedata.category(character) in ("Cc", "Cs") and character not in _KEPT
        )
        self[code] = result = None if removed else character
        return result


_TABLE = _Harmless()


def make_harmless(text: str) -> str:
    """Return ``text`` without anything that could drive or deceive a terminal.

    Works on pieces: the pieces' results joined are the result of the whole.
    """
    return text.translate(_TABLE)
