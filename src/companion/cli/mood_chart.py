"""A chart of the mood over time, as a picture file."""

import io
import logging
import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from companion.domain.errors import CompanionError
from companion.domain.mood import Mood, MoodEntry
from companion.locations import find_locations, make_private

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy import datetime64
    from numpy.typing import NDArray

    from companion.conversation.diary import MoodDiary

_MOMENTS = 160
_CROWD = 150
_INK, _PAPER, _FAINT = "#3d3a38", "#fdfbf7", "#b9b2a8"
_SIDES = {
    "valence": ("unpleasant", "pleasant", "#b5654a"),
    "arousal": ("calm", "stirred up", "#4f7a8c"),
}
_MISSING = 'Drawing needs matplotlib. Install it: pip install "companion[charts]"'


async def draw_chart(diary: "MoodDiary", since: datetime | None, path: Path, form: str) -> None:
    """Draw the mood since a time into a file. Raises ``CompanionError``."""
    entries = [entry for entry in await diary.entries(since) if entry.appraisal.known]
    if not entries:
        raise CompanionError("There is nothing to draw yet: no mood is known for that time.")
    now = (await diary.now()).at
    moods = [mood for mood in await diary.course(_spread(entries, now)) if mood.latest]
    picture = _draw(entries, moods, _frame(entries, now), form)
    _write_whole(path, picture)
    typer.echo(f"The chart is in {path}.")


def _frame(entries: Sequence[MoodEntry], now: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last moment of the chart: an hour at least, and no future."""
    return min(entries[0].at, now - timedelta(hours=1)), now


def _spread(entries: Sequence[MoodEntry], now: datetime) -> list[datetime]:
    """Return evenly spaced moments, and those of entries, which the curve must meet."""
    first, last = _frame(entries, now)
    step = (last - first) / _MOMENTS
    even = [first + step * number for number in range(_MOMENTS)]
    apart = max(1, len(entries) // _MOMENTS)
    return sorted({*even, last, *(entry.at for entry in entries[::apart])})


def _draw(
    entries: Sequence[MoodEntry],
    moods: Sequence[Mood],
    frame: tuple[datetime, datetime],
    form: str,
) -> bytes:
    figure = _begin_figure()
    upper, lower = figure.subplots(2, 1, sharex=True)
    for axes, name in ((upper, "valence"), (lower, "arousal")):
        _draw_side(axes, name, entries, moods)
    upper.set_xlim(*_wall_clock(frame))
    upper.set_title("How you have been", color=_INK, loc="left", fontsize=13)
    upper.legend(
        frameon=False,
        fontsize=8,
        labelcolor=_INK,
        loc="lower right",
        ncols=3,
        bbox_to_anchor=(1.0, 1.0),
    )
    picture = io.BytesIO()
    figure.savefig(picture, format=form)
    return picture.getvalue()


def _begin_figure() -> "Figure":
    cache = find_locations().cache / "matplotlib"
    try:
        make_private(cache)
    except OSError as error:
        raise CompanionError(f"{cache} cannot be made ({error.strerror}).") from error
    # Else it keeps its files in the user's home and picks a window system.
    os.environ.update(MPLCONFIGDIR=str(cache), MPLBACKEND="Agg")
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise CompanionError(_MISSING) from None
    matplotlib.rcdefaults()
    matplotlib.rcParams |= {"svg.fonttype": "none", "date.converter": "concise"}
    return Figure(figsize=(9, 5.2), dpi=130, facecolor=_PAPER, layout="constrained")


def _draw_side(
    axes: "Axes", name: str, entries: Sequence[MoodEntry], moods: Sequence[Mood]
) -> None:
    low, high, colour = _SIDES[name]
    times = _wall_clock(mood.at for mood in moods)
    usual = [getattr(mood.baseline, name) for mood in moods]
    axes.plot(times, usual, color=_FAINT, linestyle="--", linewidth=1, label="usual for you")
    course = [getattr(mood.affect, name) for mood in moods]
    axes.plot(times, course, color=colour, alpha=0.55, linewidth=1.6, label="as it faded")
    _draw_points(axes, name, entries, colour)
    axes.set_ylim(-1.1, 1.1)
    axes.set_yticks([-0.8, 0, 0.8], [low, "", high])
    axes.axhline(0, color=_FAINT, linewidth=0.5)
    axes.set_facecolor(_PAPER)
    axes.tick_params(colors=_INK, length=0)
    axes.spines[:].set_visible(False)


def _draw_points(axes: "Axes", name: str, entries: Sequence[MoodEntry], colour: str) -> None:
    crowd = max(1.0, len(entries) / _CROWD)
    axes.scatter(
        _wall_clock(entry.at for entry in entries),
        [getattr(entry.appraisal.affect, name) for entry in entries],
        s=[(8 + 52 * entry.appraisal.confidence) / crowd**0.3 for entry in entries],
        color=colour,
        alpha=max(0.15, 0.75 / crowd**0.5),
        linewidths=0,
        label="noticed (larger: surer)",
        zorder=3,
    )


def _wall_clock(moments: Iterable[datetime]) -> "NDArray[datetime64]":
    """Return the times that the user's clock showed, through changes of summer time."""
    from numpy import array

    return array(
        [f"{moment.astimezone():%Y-%m-%dT%H:%M:%S}" for moment in moments], "datetime64[s]"
    )


def _write_whole(path: Path, picture: bytes) -> None:
    """Write a file so that it is there whole or as it was before."""
    begun = Path()
    try:
        if path.exists() and not path.is_file():
            raise CompanionError(f"{path} is not a file. Give the name of one, such as mood.png.")
        target = path.resolve()
        # Readable for the user alone, like all that tells of their mood.
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".mood-")
        begun = Path(name)
        with open(handle, "wb") as file:
            file.write(picture)
        begun.replace(target)
    except OSError as error:
        raise CompanionError(
            f"{path} cannot be written ({error.strerror}). Choose another place."
        ) from error
    finally:
        if begun.name:
            begun.unlink(missing_ok=True)
