"""Making text harmless to a terminal and to who reads it.

Control characters, escape sequences, bidirectional overrides and invisible
characters are taken out before a text is stored, so that what the user sees is
what is kept. The work is done character by character: a hostile sequence that
arrives in two pieces is no different from one that arrives whole.

Whatever reaches a terminal goes through here once more: a database or a file may
have been written by somebody else.
"""

import re
import unicodedata

_KEPT = {"\n", "\t"}
_LINE_ENDS = {0x2028, 0x2029}
_JOINERS = {0x200C, 0x200D}
"""Emoji and several scripts are not written right without them."""
_VISIBLE_FORMATS = {*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD}
_INVISIBLE = {
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),  # fillers
    *range(0x180B, 0x1810),  # Mongolian variation selectors
    *range(0xFE00, 0xFE0E),  # variation selectors, but for the two of emoji
    *range(0xE0000, 0xE1000),  # tags and more selectors, used to smuggle hidden text
    *(0x2065, *range(0xFFF0, 0xFFF9), *range(0xFDD0, 0xFDF0)),  # never to be characters
}
_REMOVED = ("Cc", "Cf", "Cs")
_HOST = re.compile(
    r"(?i)\b((?:https?|ftp)://(?:[^\s/?#@]*@)?)([^\s/?#:@<>()\[\]\"']+)([^\s<>()\[\]\"']*)"
)


class _Harmless(dict[int, str | None]):
    """A table for ``str.translate`` that decides about each character once."""

    def __missing__(self, code: int) -> str | None:
        self[code] = result = _replace(code)
        return result


def _replace(code: int) -> str | None:
    character = chr(code)
    if code in _LINE_ENDS:
        return "\n"
    if character in _KEPT or code in _JOINERS or code in _VISIBLE_FORMATS:
        return character
    removed = code in _INVISIBLE or unicodedata.category(character) in _REMOVED
    return None if removed else character


_TABLE = _Harmless()


def make_harmless(text: str) -> str:
    """Return ``text`` without anything that could drive or deceive a terminal.

    Works on pieces: the pieces' results joined are the result of the whole.
    """
    return text.translate(_TABLE)


def escape_harmful(encoded: str) -> str:
    r"""Return JSON with the same meaning in which what is not harmless is written ``\u001b``."""
    return "".join(
        character if _TABLE[ord(character)] == character else _escape(character)
        for character in encoded
    )


def unmask_links(text: str) -> str:
    """Return ``text`` with the true host behind each address whose host is not ASCII.

    With one Cyrillic letter an address looks like another. Behind it stands what a
    browser would open: ``[xn--pple-43d.com]``.
    """
    return text if text.isascii() else _HOST.sub(_unmask, text)


def _unmask(found: re.Match[str]) -> str:
    host = found[2]
    if host.isascii():
        return found[0]
    try:
        true = host.encode("idna").decode("ascii")
    except UnicodeError:
        true = "not an address"
    return f"{found[0]} [{true}]"


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))
