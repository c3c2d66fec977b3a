"""The first and the last line of a screen: who she is, and the most useful keys."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.color import Color
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from companion.tui.feelings import Mark

CHAT_KEYS = (
    ("Ctrl+P", "more"),
    ("Ctrl+Q", "quit"),
    ("Esc", "stop"),
    ("Ctrl+R", "again"),
    ("Ctrl+J", "new line"),
    ("Ctrl+L", "conversations"),
)
"""The keys of the chat, the most useful first."""
CHAT_ORDER = ("Ctrl+J", "Esc", "Ctrl+R", "Ctrl+L", "Ctrl+P", "Ctrl+Q")
_BETWEEN = "   "
_MARK = "AI"
_PLAIN = "software, not a person"
_MOOD_ROOM = 20
_EDGE = len(f" {_MARK}  ")
_GAP = 2
_FAINTEST = 0.35


class TitleLine(Widget):
    """Says who answers, and that it is software: always, and quietly.

    The mark "AI" stands first, so that no width cuts it off.

    On the right it says how the user seems, once that is known and where there is room.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"title--name", "title--mark"}

    def __init__(self) -> None:
        super().__init__(id="title")
        self._name = ""
        self._minds: tuple[str, ...] = ()
        self._mark: Mark | None = None

    def introduce(self, name: str, *minds: str) -> None:
        """Say who she is and with what she thinks; ``minds`` say it, the longest first."""
        self._name, self._minds = name, minds
        self.refresh()

    def show_mood(self, mark: Mark | None) -> None:
        """Say how the user seems, or nothing."""
        if mark != self._mark:
            self._mark = mark
            self.refresh()

    def render(self) -> Content:
        """Return as much as the width holds."""
        width = self.size.width
        introduction = self._introduce(width)
        room = width - introduction.cell_length - _GAP
        mark = next((each for each in self._word_mood() if each.cell_length <= room), None)
        if mark is None:
            return introduction
        return Content("").join(
            [introduction.pad_right(width - introduction.cell_length - mark.cell_length), mark]
        )

    def _introduce(self, width: int) -> Content:
        mark = Content.styled(f" {_MARK} ", self.get_visual_style("title--mark", partial=True))
        if not self._name:
            return Content.assemble(mark, f" {_PLAIN}")
        parts = [_PLAIN, *self._choose_mind(width)]
        if _EDGE + len(" · ".join([self._name, *parts])) > width:
            parts = []
        name = Content.styled(self._name, self.get_visual_style("title--name", partial=True))
        return Content("").join([mark, " ", name, *(Content(f" · {part}") for part in parts)])

    def _choose_mind(self, width: int) -> list[str]:
        """Choose the longest that leaves room for the mood, else the shortest that fits.

        Whether there is a mood decides, not its word: the line shall not jump with it.
        """
        room = width - _EDGE - len(f"{self._name} · {_PLAIN} · ")
        fitting = [mind for mind in self._minds if 0 < len(mind) <= room]
        if self._mark is None:
            return fitting[:1]
        roomy = [mind for mind in fitting if len(mind) <= room - _MOOD_ROOM]
        return roomy[:1] or fitting[-1:]

    def _word_mood(self) -> Iterator[Content]:
        mark = self._mark
        if mark is None:
            return
        theme = self.app.current_theme.variables
        share = max(mark.strength, _FAINTEST)
        colour = Color.parse(theme["quiet"]).blend(Color.parse(theme[mark.tone]), share)
        word = f"{mark.glyph} {mark.word}"
        for text in (f"{word} {mark.arrow}".rstrip(), word, mark.glyph):
            yield Content.styled(text, Style(foreground=colour))


class KeyLine(Widget):
    """The most useful keys, as many as the width holds.

    ``keys`` are pairs of a key and what it does, the most useful first; ``order`` is
    that in which they are shown.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key"}

    def __init__(self, keys: Sequence[tuple[str, str]], order: Sequence[str]) -> None:
        super().__init__(id="keys")
        self._keys = keys
        self._order = order

    def render(self) -> Content:
        """Return the keys that fit, the most important ones first to be kept."""
        chosen: dict[str, str] = {}
        room = self.size.width + len(_BETWEEN)
        for key, what in self._keys:
            room -= len(key) + 1 + len(what) + len(_BETWEEN)
            if room < 0:
                break
            chosen[key] = what
        style = self.get_visual_style("keys--key", partial=True)
        shown = [
            Content.assemble((key, style), f" {chosen[key]}")
            for key in self._order
            if key in chosen
        ]
        return Content(_BETWEEN).join(shown)
