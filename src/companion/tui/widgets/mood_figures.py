"""Figures of the mood that are made of signs: a year in pixels, the feelings counted."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date

from textual.color import Color
from textual.content import Content
from textual.style import Style
from textual.theme import Theme

from companion.tui.feelings import choose_step
from companion.tui.period import DayMean

_DAYS = 31
_MONTHS = tuple(f"{date(2000, month, 1):%b}" for month in range(1, 13))
_UNKNOWN = "·"
_LEGEND = (("▼▾", -0.6), (" unpleasant  ", None), ("•", 0.0), (" even  ", None), ("▴▲", 0.6))
_NOTHING_FELT = "No feeling was named in this time."
_TWO_A_DAY = 4 + 2 * _DAYS


def draw_year(year: int, days: Mapping[date, DayMean], theme: Theme, width: int) -> Content:
    """Draw a sign for each day of a year: a line for each month, a column for each day."""
    cell = 2 if width >= _TWO_A_DAY else 1
    lines = [_draw_month(year, month, days, theme, cell) for month in range(1, 13)]
    legend = [
        Content(text) if valence is None else Content.styled(text, _style(theme, valence))
        for text, valence in _LEGEND
    ]
    return Content("\n").join([*lines, Content("").join([*legend, Content(" pleasant")])])


def _draw_month(
    year: int, month: int, days: Mapping[date, DayMean], theme: Theme, cell: int
) -> Content:
    parts = [Content.styled(f"{_MONTHS[month - 1]} ", "$quiet")]
    for number in range(1, monthrange(year, month)[1] + 1):
        mean = days.get(date(year, month, number))
        if mean is None:
            parts.append(Content.styled(f"{_UNKNOWN:<{cell}}", "$quiet 60%"))
        else:
            sign = f"{choose_step(mean.valence):<{cell}}"
            parts.append(Content.styled(sign, _style(theme, mean.valence)))
    return Content("").join(parts)


def _style(theme: Theme, valence: float) -> Style:
    """Return a colour from blue over grey to gold, which colour-blind eyes tell apart too."""
    end = theme.variables["mood-lively" if valence > 0 else "mood-low"]
    colour = Color.parse(theme.variables["quiet"]).blend(
        Color.parse(end), min(abs(valence) * 1.6, 1.0)
    )
    ground = Color.parse(theme.background or "black").blend(colour, 0.22)
    return Style(foreground=colour, background=ground)


def draw_feelings(counts: Sequence[tuple[str, int]], width: int, most: int) -> Content:
    """Draw how often each feeling was there, as bars with the number behind them."""
    if not counts:
        return Content.styled(_NOTHING_FELT, "$quiet")
    shown = counts[: max(most, 1)]
    name_width = max(len(name) for name, _ in shown)
    room = max(width - name_width - len(str(shown[0][1])) - 3, 4)
    lines = [
        Content.assemble(
            f"{name:<{name_width}} ",
            ("█" * max(1, round(room * count / shown[0][1])), "$secondary"),
            (f" {count}", "$quiet"),
        )
        for name, count in shown
    ]
    return Content("\n").join(lines)
