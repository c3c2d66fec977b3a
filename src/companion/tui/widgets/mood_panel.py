"""How the day went, beside the talk."""

from collections.abc import Sequence
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from companion.domain.mood import Mood, MoodEntry
from companion.tui.feelings import Mark, describe_lasting, draw_bar, mark_appraisal, tell_why

_MOST = 200
_NOTHING = "Nothing noticed yet today."
_HEAD = "Today"
_INDENT = " " * 7


class MoodPanel(Vertical):
    """Lists what was noticed today: at the side where there is room, else above the input."""

    def __init__(self) -> None:
        super().__init__(id="mood-panel")
        self._mood: Mood | None = None
        self._entries: Sequence[MoodEntry] = ()

    def compose(self) -> ComposeResult:
        """Lay the panel out."""
        yield Static(_HEAD, classes="panel--head", markup=False)
        with VerticalScroll(can_focus=False):
            yield Static("", classes="panel--course", markup=False)

    def show(self, mood: Mood, entries: Sequence[MoodEntry]) -> None:
        """Show the entries of a day, oldest first, and what lasts."""
        self._mood, self._entries = mood, entries[-_MOST:]
        self._write()

    def on_resize(self) -> None:
        """Lay out anew: at the side there are two lines for each entry."""
        self._write()

    def _write(self) -> None:
        if self._mood is None:
            return
        tall = self.screen.has_class("-spacious")
        lasting = describe_lasting(self._mood.trend)
        head = Content.assemble((_HEAD, "bold"), ("  " + lasting if lasting else "", "$quiet"))
        self.query_one(".panel--head", Static).update(head)
        zone = self._mood.at
        lines = [_describe(entry, zone, tall=tall) for entry in self._entries]
        self.query_one(".panel--course", Static).update(
            Content("\n").join(lines or [Content.styled(_NOTHING, "$quiet")])
        )
        self.call_after_refresh(self._go_to_end)

    def _go_to_end(self) -> None:
        self.query_one(VerticalScroll).scroll_end(animate=False)


def style_of(mark: Mark) -> str:
    """Return the style of a mark's colour."""
    return f"${mark.tone}"


def _describe(entry: MoodEntry, now: datetime, *, tall: bool) -> Content:
    mark = mark_appraisal(entry.appraisal)
    colour = style_of(mark)
    at = entry.at.astimezone(now.tzinfo)
    bar = draw_bar(entry.appraisal.affect.valence)
    why = tell_why(entry)
    return Content.assemble(
        (f"{at:%H:%M}  ", "$quiet"),
        (bar, colour),
        "  ",
        (f"{mark.glyph} {mark.word}", colour),
        (f"\n{_INDENT}{why}" if tall else f"  {why}", "$quiet"),
    )
