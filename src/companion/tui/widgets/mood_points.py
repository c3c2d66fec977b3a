"""Every point of a stretch of time, the newest first."""

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from companion.domain.mood import MoodEntry
from companion.tui.feelings import draw_bar, mark_appraisal, shorten

_MOST = 1000
_QUOTED = 90
_ROOM_FOR_BARS = 60


class MoodPoints(OptionList):
    """Lists points; the one that is highlighted is chosen."""

    def __init__(self) -> None:
        super().__init__(id="points", markup=False)
        self._entries: list[MoodEntry] = []
        self._now: datetime | None = None

    @property
    def chosen(self) -> MoodEntry | None:
        """The point that the user is at."""
        here = self.highlighted
        return self._entries[here] if here is not None and here < len(self._entries) else None

    def show(self, entries: Sequence[MoodEntry], now: datetime) -> None:
        """List ``entries``, which are oldest first; stay where the user was."""
        before, place = self.chosen, self.highlighted or 0
        self._now = now
        self._entries = list(reversed(entries))[:_MOST]
        self.set_options([Option(self._describe(entry)) for entry in self._entries])
        left = len(entries) - len(self._entries)
        if left:
            more = f"and {left:,} earlier ones: choose a shorter stretch to see them"
            self.add_option(Option(Content.styled(more, "$quiet"), disabled=True))
        if self._entries:
            same = [n for n, each in enumerate(self._entries) if _is_same(each, before)]
            self.highlighted = same[0] if same else min(place, len(self._entries) - 1)

    def tell_time(self, entry: MoodEntry) -> str:
        """Return when an entry was made, in the user's time zone."""
        at = entry.at.astimezone(self._now.tzinfo if self._now else None)
        return f"{at:%a} {at.day:2} {at:%b %H:%M}"

    def _describe(self, entry: MoodEntry) -> Content:
        mark = mark_appraisal(entry.appraisal)
        colour = f"${mark.tone}"
        bar = draw_bar(entry.appraisal.affect.valence) if self.size.width >= _ROOM_FOR_BARS else ""
        return Content.assemble(
            (f"{self.tell_time(entry)}  ", "$quiet"),
            (f"{bar}  " if bar else "", colour),
            (f"{mark.glyph} {mark.word}", colour),
            (f"  {shorten(entry.text, _QUOTED)}", "$quiet"),
        )


def _is_same(entry: MoodEntry, other: MoodEntry | None) -> bool:
    """Return whether both are about the same words; a correction has a number of its own."""
    if other is None:
        return False
    return (entry.message_id, entry.journal_id) == (other.message_id, other.journal_id)
