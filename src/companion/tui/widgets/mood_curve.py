"""The curve of a stretch of time. Importing this loads numpy, so it comes with its screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from textual_plot import HiResMode, NumericAxisFormatter, PlotWidget

from companion.domain.mood import Affect
from companion.tui.period import Period

_MARGIN_LEFT = 4
_DOTS = 60
_SHORTEST = 0.08
_LEVELS = {-1.0: "-1", 0.0: "0", 1.0: "+1"}


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Where the mood was at a moment."""

    at: datetime
    affect: Affect


class _NamedTicks(NumericAxisFormatter):
    def __init__(self, names: dict[float, str]) -> None:
        super().__init__()
        self._names = names

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        return [self._names.get(tick, "") for tick in ticks]


class MoodCurve(PlotWidget, can_focus=False):
    """Draws valence as a line and arousal as dots, so that they differ without colour."""

    def __init__(self) -> None:
        super().__init__(id="curve", allow_pan_and_zoom=False)
        self._drawn: tuple[Period, Sequence[CurvePoint]] | None = None
        self._chosen: datetime | None = None

    def on_mount(self) -> None:
        """Take as little room as possible for what is not the curve."""
        self.margin_left, self.margin_top, self.margin_bottom = _MARGIN_LEFT, 0, 1
        self.set_y_formatter(_NamedTicks(_LEVELS))
        self.set_yticks(list(_LEVELS))

    def draw(self, period: Period, points: Sequence[CurvePoint]) -> None:
        """Draw the mood over ``period``."""
        self._drawn = period, points
        self._draw()

    def choose(self, at: datetime | None) -> None:
        """Mark the moment that is chosen in the list."""
        if at != self._chosen:
            self._chosen = at
            self._draw()

    def _draw(self) -> None:
        if self._drawn is None:
            return
        period, points = self._drawn
        theme = self.app.current_theme
        self.clear()
        # Not on mounting: Textual's own handler comes after ours and lets go of limits.
        self.set_ylimits(-1.0, 1.0)
        self.set_xlimits(0.0, period.place(period.end))
        names = {period.place(at): name for at, name in period.ticks}
        self.set_xticks(list(names))
        self.set_x_formatter(_NamedTicks(names))
        x = [period.place(point.at) for point in points]
        dots_x, dots_y = _spread(x, [point.affect.arousal for point in points])
        arousal, valence = theme.variables["mood-tense"], theme.variables["mood-lively"]
        self.scatter(dots_x, dots_y, marker="·", marker_style=arousal)
        self.plot(
            x,
            [point.affect.valence for point in points],
            line_style=valence,
            hires_mode=HiResMode.BRAILLE,
        )
        if x[-1] - x[0] < _SHORTEST * period.place(period.end):
            # All of a short talk lies in one column, where no line can be seen, and the line
            # of the chosen moment would cover what is there.
            levels = [point.affect.valence for point in points]
            self.scatter(x, levels, marker="•", marker_style=valence)
        elif self._chosen is not None and period.begin <= self._chosen < period.end:
            self.add_v_line(period.place(self._chosen), line_style=theme.variables["quiet"])


def _spread(x: Sequence[float], y: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return dots along a line, as far from each other as the eye can tell apart."""
    if len(x) < 2:
        return list(x), list(y)
    step = (x[-1] - x[0]) / _DOTS
    dots: list[tuple[float, float]] = []
    for (x0, y0), (x1, y1) in zip(
        zip(x, y, strict=True), zip(x[1:], y[1:], strict=True), strict=False
    ):
        count = max(1, round((x1 - x0) / step)) if step else 1
        dots += [(x0 + (x1 - x0) * n / count, y0 + (y1 - y0) * n / count) for n in range(count)]
    dots.append((x[-1], y[-1]))
    return [each[0] for each in dots], [each[1] for each in dots]
