"""Standard output and error through which nothing can drive a terminal."""

import sys
from typing import Any, TextIO, cast

from companion.safety.sanitise import make_harmless


class HarmlessStream:
    """A text stream that takes out what is not harmless, whoever wrote it.

    The program itself writes no escape sequence outside of the chat.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write the harmless part of ``text``."""
        self._stream.write(make_harmless(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def guard_output() -> None:
    """Let all that the commands print, and complain of, go through it."""
    sys.stdout = cast(TextIO, HarmlessStream(sys.stdout))
    sys.stderr = cast(TextIO, HarmlessStream(sys.stderr))
