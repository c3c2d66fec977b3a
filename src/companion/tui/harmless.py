"""The last gate before the screen: nothing that is drawn can drive the terminal."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from companion.safety.sanitise import make_harmless


class HarmlessFilter(LineFilter):
    """Takes out of every line what is not harmless, wherever its text came from."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments, harmless; most are left as they are."""
        return [
            segment
            if segment.control or (segment.text.isascii() and segment.text.isprintable())
            else Segment(make_harmless(segment.text), segment.style)
            for segment in segments
        ]
