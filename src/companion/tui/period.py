"""Stretches of time that a curve shows: a day, a week, a month, a year."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import fmean

from companion.domain.mood import MoodEntry

_DAY = timedelta(days=1)
_FIRST_YEAR = 1970


class Span(StrEnum):
    """How long a stretch is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """From ``begin`` up to ``end``; ``ticks`` are moments to be named on an axis."""

    span: Span
    begin: datetime
    end: datetime
    title: str
    short_title: str
    ticks: tuple[tuple[datetime, str], ...]

    def place(self, moment: datetime) -> float:
        """Return where ``moment`` lies, in days of the user's clock from the beginning."""
        return (moment.astimezone(self.begin.tzinfo) - self.begin) / _DAY


def find_period(span: Span, now: datetime, back: int = 0) -> Period:
    """Return the stretch that ends with today, or the one ``back`` stretches before it.

    A year is one of the calendar.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    match span:
        case Span.DAY:
            return _day(midnight - back * _DAY)
        case Span.WEEK:
            return _days(span, midnight + _DAY - 7 * back * _DAY, 7)
        case Span.MONTH:
            return _days(span, midnight + _DAY - 30 * back * _DAY, 30)
        case Span.YEAR:
            return _year(midnight.replace(year=midnight.year - back, month=1, day=1))


def count_back(span: Span, now: datetime) -> int:
    """Return how many stretches there are before that of ``now``; nobody kept anything then."""
    days = now.toordinal() - date(_FIRST_YEAR, 1, 1).toordinal()
    length = {Span.DAY: 1, Span.WEEK: 7, Span.MONTH: 30}
    return now.year - _FIRST_YEAR if span is Span.YEAR else days // length[span]


def _day(begin: datetime) -> Period:
    ticks = tuple((begin + timedelta(hours=hour), f"{hour}:00") for hour in (0, 6, 12, 18))
    title = f"{begin:%A}, {begin.day} {begin:%B %Y}"
    short_title = f"{begin:%a} {begin.day} {begin:%b}"
    return Period(Span.DAY, begin, begin + _DAY, title, short_title, ticks)


def _days(span: Span, end: datetime, count: int) -> Period:
    begin, last = end - count * _DAY, end - _DAY
    starts = [begin + number * _DAY for number in range(0, count, 1 if count == 7 else 7)]
    names = [f"{at:%a}" if count == 7 else f"{at.day} {at:%b}" for at in starts]
    short_title = f"{begin.day} {begin:%b} to {last.day} {last:%b}"
    ticks = tuple(zip(starts, names, strict=True))
    return Period(span, begin, end, f"{short_title} {last:%Y}", short_title, ticks)


def _year(begin: datetime) -> Period:
    starts = [begin.replace(month=month) for month in (1, 4, 7, 10)]
    ticks = tuple((start, f"{start:%b}") for start in starts)
    title = str(begin.year)
    return Period(Span.YEAR, begin, begin.replace(year=begin.year + 1), title, title, ticks)


@dataclass(frozen=True, slots=True)
class DayMean:
    """What a day was like, each entry counting as much as it is sure."""

    valence: float
    arousal: float


def mean_by_day(entries: Iterable[MoodEntry], now: datetime) -> dict[date, DayMean]:
    """Return the mean of each day on which something was known, in the zone of ``now``."""
    days: dict[date, list[MoodEntry]] = defaultdict(list)
    for entry in entries:
        if entry.appraisal.known and entry.appraisal.confidence:
            days[entry.at.astimezone(now.tzinfo).date()].append(entry)
    return {day: _mean(found) for day, found in days.items()}


def _mean(entries: list[MoodEntry]) -> DayMean:
    sure = [entry.appraisal.confidence for entry in entries]
    return DayMean(
        fmean((entry.appraisal.affect.valence for entry in entries), sure),
        fmean((entry.appraisal.affect.arousal for entry in entries), sure),
    )
