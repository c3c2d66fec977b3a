"""The first and the last line of the chat: who she is, and the most useful keys."""

from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

_KEYS = (
    ("Ctrl+P", "more"),
    ("Ctrl+Q", "quit"),
    ("Esc", "stop"),
    ("Ctrl+R", "again"),
    ("Ctrl+J", "new line"),
    ("Ctrl+L", "conversations"),
)
_SHOWN_ORDER = ("Ctrl+J", "Esc", "Ctrl+R", "Ctrl+L", "Ctrl+P", "Ctrl+Q")
_BETWEEN = "   "


class TitleLine(Widget):
    """Says who answers, and that it is software: always, and quietly."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"title--name"}

    def __init__(self) -> None:
        super().__init__(id="title")
        self._name = ""
        self._mind = ""

    def introduce(self, name: str, mind: str) -> None:
        """Say who she is and with what she thinks."""
        self._name, self._mind = name, mind
        self.refresh()

    def render(self) -> Content:
        """Return as much as the width holds."""
        plain = "software, not a person"
        parts = [part for part in (self._name, plain, self._mind) if part]
        while len(parts) > 1 and len(" · ".join(parts)) > self.size.width:
            parts.pop()
        if not self._name:
            return Content(plain)
        name = Content.styled(self._name, self.get_visual_style("title--name", partial=True))
        return Content("").join([name, *(Content(f" · {part}") for part in parts[1:])])


class KeyLine(Widget):
    """The most useful keys, as many as the width holds."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key"}

    def __init__(self) -> None:
        super().__init__(id="keys")

    def render(self) -> Content:
        """Return the keys that fit, the most important ones first to be kept."""
        chosen: dict[str, str] = {}
        room = self.size.width + len(_BETWEEN)
        for key, what in _KEYS:
            room -= len(key) + 1 + len(what) + len(_BETWEEN)
            if room < 0:
                break
            chosen[key] = what
        style = self.get_visual_style("keys--key", partial=True)
        shown = [
            Content.assemble((key, style), f" {chosen[key]}")
            for key in _SHOWN_ORDER
            if key in chosen
        ]
        return Content(_BETWEEN).join(shown)
