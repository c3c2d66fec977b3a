"""What a file to import is: told by its first bytes."""

from dataclasses import dataclass
from enum import StrEnum
from io import BufferedReader
from pathlib import Path

from companion.domain.errors import ImportFormatError


class Format(StrEnum):
    """The formats that are taken in."""

    COMPANION = "companion"
    JSONL = "jsonl"
    CHATGPT = "chatgpt"
    LLM = "llm"
    SILLYTAVERN = "sillytavern"


NAMES = {
    Format.COMPANION: "an export of Companion",
    Format.JSONL: "one message a line",
    Format.CHATGPT: "ChatGPT's conversations.json",
    Format.LLM: "the logs of llm",
    Format.SILLYTAVERN: "a chat of SillyTavern",
}
"""What a format is called in a sentence."""

_UNKNOWN = (
    "I do not know what kind of file that is. Name it with --format: "
    f"{', '.join(Format)}. Nothing was imported."
)
_SQLITE = b"SQLite format 3\0"
_UTF_16 = "That file is UTF-16. Save it as UTF-8 and import it again."
_NOT_THESE = {
    b"PK\x03\x04": "That is a zip archive. Unpack it and import conversations.json.",
    b"\xff\xfe": _UTF_16,
    b"\xfe\xff": _UTF_16,
}
_SIGNS = (
    (Format.COMPANION, (b'"record":"', b'"record": "')),
    (Format.SILLYTAVERN, (b'"character_name"', b'"chat_metadata"', b'"is_user"')),
    (Format.JSONL, (b'"conversation"',)),
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file to import. ``path`` is nothing where it comes through a pipe."""

    stream: BufferedReader
    path: Path | None


def find_format(file: Incoming) -> Format:
    """Return what a file is. Raises ``ImportFormatError`` where that cannot be told."""
    head = file.stream.peek(4096).removeprefix(b"\xef\xbb\xbf")
    for sign, advice in _NOT_THESE.items():
        if head.startswith(sign):
            raise ImportFormatError(f"{advice} Nothing was imported.")
    if head.startswith(_SQLITE):
        return Format.LLM
    head = head.lstrip()
    if not head:
        raise ImportFormatError("There is nothing in that file. Nothing was imported.")
    if head.startswith(b"["):
        return Format.CHATGPT
    for form, signs in _SIGNS if head.startswith(b"{") else ():
        if any(sign in head for sign in signs):
            return form
    raise ImportFormatError(_UNKNOWN)
