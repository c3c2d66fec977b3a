"""The lines above the figure of the mood screen."""

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from companion.domain.mood import Mood
from companion.tui.feelings import describe_lasting, mark_mood
from companion.tui.period import Period, Span
from companion.tui.widgets.mood_figure import Figure

_TABS = (Span.DAY, Span.WEEK, Span.MONTH, Span.YEAR, Figure.PIXELS, Figure.FEELINGS)
_UNKNOWN = "not known yet"
_LEGEND = "   ── pleasant  ··· stirred up"
_SHORT_LEGEND = "  ─ pleasant · stirred"


class MoodHead(Static):
    """Says how the user seems now, and what lasts."""

    def __init__(self) -> None:
        super().__init__("Your mood", id="mood-head", markup=False)

    def show(self, mood: Mood) -> None:
        """Say it."""
        mark = mark_mood(mood)
        now = (f"{mark.glyph} {mark.word}", f"${mark.tone}") if mark else _UNKNOWN
        lasting = describe_lasting(mood.trend)
        self.update(
            Content.assemble(("Your mood now: ", "$accent"), now, f". {lasting}" if lasting else "")
        )


class MoodTabs(Static):
    """Names the figures that there are; the first letter of each is its key."""

    def __init__(self) -> None:
        super().__init__("", id="mood-tabs", markup=False)

    def show(self, span: Span, figure: Figure) -> None:
        """Mark what is shown now."""
        chosen = {span.value if figure is Figure.CURVE else figure.value}
        parts = [
            Content.styled(name, "bold reverse")
            if name in chosen
            else Content.assemble((name[0], "$secondary underline"), (name[1:], "$quiet"))
            for name in (each.value for each in _TABS)
        ]
        self.update(Content(" ").join(parts))


class PeriodLine(Widget):
    """Says which stretch of time this is, how much is known of it, and how to read it."""

    def __init__(self) -> None:
        super().__init__(id="mood-period")
        self._variants: list[tuple[str, str]] = []

    def show(self, period: Period, count: int, figure: Figure) -> None:
        """Say it."""
        points = " · 1 point" if count == 1 else f" · {count:,} points"
        self._variants = [(period.title, points), (period.short_title, points)]
        if figure is Figure.CURVE:
            self._variants = [
                (period.title, points + _LEGEND),
                (period.title, _LEGEND),
                (period.short_title, _SHORT_LEGEND),
            ]
        self.refresh()

    def render(self) -> Content:
        """Return as much as the width holds."""
        contents = [
            Content.assemble(title, (rest, "$quiet")) for title, rest in self._variants
        ] or [Content("")]
        width = self.size.width
        return next((each for each in contents if each.cell_length <= width), contents[-1])
