"""The figure of the mood screen: a curve, a year in pixels, or feelings counted."""

from collections.abc import Sequence
from datetime import datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from companion.domain.mood import Affect, Mood, MoodEntry
from companion.tui.feelings import count_feelings
from companion.tui.period import Period, Span, mean_by_day
from companion.tui.widgets.mood_curve import CurvePoint, MoodCurve
from companion.tui.widgets.mood_figures import draw_feelings, draw_year

if TYPE_CHECKING:
    from companion.conversation.diary import MoodDiary

_MOMENTS = 48
_MOST_MOMENTS = 60
_MIDDAY = time(hour=12)
_UNKNOWN = (
    "Nothing is known yet. Talk with her for a while, or press s and say yourself how you are."
)
_EMPTY = "Nothing is known of this time. Left goes further back."
_MOST_FEELINGS = 28


class Figure(StrEnum):
    """What is drawn."""

    CURVE = "curve"
    PIXELS = "pixels"
    FEELINGS = "feelings"


class MoodFigure(Container):
    """Draws one stretch of time."""

    def __init__(self) -> None:
        super().__init__(id="figure")
        self._shown: Figure | None = None

    def compose(self) -> ComposeResult:
        """Lay the figure out; one of the two is shown."""
        yield MoodCurve()
        with VerticalScroll(id="signs"):
            yield Static("", markup=False)

    def choose(self, at: datetime | None) -> None:
        """Bring the moment that is chosen in the list into view."""
        self.query_one(MoodCurve).choose(at)
        if at is not None and self._shown is Figure.PIXELS:
            middle = self.size.height // 2
            self.query_one("#signs").scroll_to(y=at.month - 1 - middle, animate=False)

    async def show(
        self,
        figure: Figure,
        period: Period,
        entries: Sequence[MoodEntry],
        mood: Mood,
        diary: "MoodDiary",
    ) -> None:
        """Draw ``period``. Raises ``StoreError``."""
        self._shown = figure
        if mood.latest is None and not entries:
            self._write(Content.styled(_UNKNOWN, "$quiet"))
        elif figure is Figure.PIXELS:
            days = mean_by_day(entries, mood.at)
            theme, width = self.app.current_theme, self.size.width - 2
            self._write(draw_year(period.begin.year, days, theme, width))
        elif figure is Figure.FEELINGS:
            counts = count_feelings(entries)
            self._write(draw_feelings(counts, self.size.width - 3, _MOST_FEELINGS))
        else:
            points = await _find_points(period, entries, mood, diary)
            if points:
                self.query_one(MoodCurve).draw(period, points)
                self._switch(curve=True)
            else:
                self._write(Content.styled(_EMPTY, "$quiet"))

    def _write(self, signs: Content) -> None:
        self.query_one("#signs Static", Static).update(signs)
        self._switch(curve=False)

    def _switch(self, *, curve: bool) -> None:
        self.query_one(MoodCurve).display = curve
        self.query_one("#signs").display = not curve


async def _find_points(
    period: Period, entries: Sequence[MoodEntry], mood: Mood, diary: "MoodDiary"
) -> list[CurvePoint]:
    """Return the mood as it went: hour by hour where that can be seen, else day by day."""
    if period.span in (Span.MONTH, Span.YEAR):
        days = mean_by_day(entries, mood.at)
        return [
            CurvePoint(
                datetime.combine(day, _MIDDAY, tzinfo=mood.at.tzinfo),
                Affect(mean.valence, mean.arousal),
            )
            for day, mean in sorted(days.items())
        ]
    end = min(period.end, mood.at)
    step = (end - period.begin) / _MOMENTS
    even = [period.begin + number * step for number in range(_MOMENTS + 1)]
    moments = sorted({*even, *(entry.at for entry in entries[-_MOST_MOMENTS:])})
    course = await diary.course(moments)
    return [CurvePoint(each.at, each.affect) for each in course if each.latest is not None]
