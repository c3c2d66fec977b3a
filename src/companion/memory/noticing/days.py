"""Days that a message speaks of, seen from the day on which it was written."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from companion.memory.day_words import MONTHS, WEEKDAYS, end_of_month

_WEEKDAYS = tuple(name.lower() for name in WEEKDAYS)
_MONTHS = tuple(name.lower() for name in MONTHS)
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_FEASTS = {"christmas eve": (12, 24), "christmas": (12, 25), "new year's eve": (12, 31)}
_NUMBERS = {
    **{"a": 1, "an": 1, "one": 1, "two": 2, "a couple of": 2, "three": 3, "a few": 3},
    **{"four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    **{"eleven": 11, "twelve": 12},
}
_DAY = timedelta(days=1)
_LONGEST = 3660
_MONTH = "|".join((*_MONTHS, "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept?", "oct")) + (
    "|nov|dec"
)
_WEEKDAY = "|".join(_WEEKDAYS)
_SHORT_WEEKDAY = "mon|tues?|wed|thu(?:rs)?|fri|sat|sun"
_COUNT = "|".join(sorted((re.escape(word) for word in _NUMBERS), key=len, reverse=True))
_HINT = re.compile(
    rf"\d|\b(?:{_MONTH}|{_SHORT_WEEKDAY}|day|today|tomorrow|tmrw|tonight|morning|afternoon|evening"
    rf"|week|month|year|{'|'.join((*_SEASONS, *_FEASTS))})",
    re.IGNORECASE,
)
"""One of these stands in whatever names a day; most sentences have none."""
_PART = r"(?: (?:morning|afternoon|evening|night|lunchtime))?"
_BEFORE = r"(?:(?:early|late|some ?time|first thing|again|only) )?(?:(?:on|by|for|until|till) )?"


@dataclass(frozen=True, slots=True)
class Days:
    """Days, both included, and the span of the text that names them."""

    since: date
    until: date
    start: int
    end: int


_Reading = Callable[[re.Match[str], date], tuple[date, date] | None]


@lru_cache(maxsize=64)
def find_days(text: str, said: date) -> tuple[Days, ...]:
    """Return the days that a text names, in its order; ``said`` is when it was written."""
    found: list[Days] = []
    for pattern, read in _readings() if _HINT.search(text) else ():
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            try:
                days = read(match, said)
            except (ValueError, OverflowError):
                # There is no 31st of February, and no year 10,000.
                continue
            if days:
                found.append(Days(*days, match.start(), match.end()))
    return tuple(sorted(found, key=lambda days: days.start))


def _single(day: date) -> tuple[date, date]:
    return day, day


def _near(match: re.Match[str], said: date) -> tuple[date, date]:
    word = match["near"].lower()
    away = 2 if "after" in word else 1 if "tomorrow" in word or "tmrw" in word else 0
    return _single(said + away * _DAY)


def _number_of(weekday: str) -> int:
    """Return which day of the week a name or its beginning means, from 0 for Monday."""
    return next(i for i, name in enumerate(_WEEKDAYS) if name.startswith(weekday.lower()[:3]))


def _of_next_week(match: re.Match[str], said: date) -> tuple[date, date]:
    return _single(said + (7 - said.weekday() + _number_of(match["day"])) * _DAY)


def _weekday(match: re.Match[str], said: date) -> tuple[date, date]:
    wanted = _number_of(match["day"])
    away = (wanted - said.weekday() - 1) % 7 + 1
    which = (match["which"] or "").lower()
    if which == "last":
        return _single(said + (away - 7) * _DAY if away != 7 else said - 7 * _DAY)
    # "Next Friday" is the one of next week; "Friday week" a week after the coming one.
    in_this_week = said.weekday() + away < 7
    if (which == "next" and in_this_week) or match["week"]:
        away += 7
    return _single(said + away * _DAY)


def _period(match: re.Match[str], said: date) -> tuple[date, date] | None:
    monday = said - said.weekday() * _DAY
    which, unit = match["which"].lower(), match["unit"].lower()
    later = which in ("next", "the following")
    if unit == "weekend":
        saturday = monday + 5 * _DAY + (7 * _DAY if later else 0 * _DAY)
        return saturday, saturday + _DAY
    if unit == "week":
        start = monday + 7 * _DAY if later else said
        return start, monday + (13 if later else 6) * _DAY
    if unit == "month":
        start = _months_on(said.replace(day=1), 1) if later else said
        return start, end_of_month(start)
    year = said.year + later
    return (date(year, 1, 1) if later else said), date(year, 12, 31)


def _in_a_while(match: re.Match[str], said: date) -> tuple[date, date] | None:
    words = match["count"].lower()
    count = _NUMBERS[words] if words in _NUMBERS else int(words)
    unit = match["unit"].lower()
    if unit == "month":
        start = _months_on(said.replace(day=1), count)
        return _single(start.replace(day=min(said.day, end_of_month(start).day)))
    days = count * {"day": 1, "week": 7, "year": 365}[unit]
    return _single(said + days * _DAY) if days <= _LONGEST else None


def _of_month(match: re.Match[str], said: date) -> tuple[date, date] | None:
    groups = match.groupdict()
    day = int(groups.get("number") or groups.get("number_after") or 0)
    month = _month_of(match["month"])
    year = groups.get("year")
    if not day:
        start = date(int(year) if year else said.year, month, 1)
        if not year and end_of_month(start) < said:
            start = start.replace(year=said.year + 1)
        return start, end_of_month(start)
    found = date(int(year) if year else said.year, month, day)
    if not year and found < said:
        found = found.replace(year=said.year + 1)
    return _single(found)


def _of_this_month(match: re.Match[str], said: date) -> tuple[date, date] | None:
    start = said.replace(day=1)
    day = int(match["number"])
    if day <= said.day:
        start = _months_on(start, 1)
    return _single(start.replace(day=day))


def _season(match: re.Match[str], said: date) -> tuple[date, date]:
    start = date(said.year, _SEASONS[match["season"].lower()], 1)
    end = _months_on(start, 3) - _DAY
    if end < said:
        start = start.replace(year=said.year + 1)
        end = _months_on(start, 3) - _DAY
    return start, end


def _feast(match: re.Match[str], said: date) -> tuple[date, date]:
    day = date(said.year, *_FEASTS[match["feast"].lower()])
    return _single(day if day >= said else day.replace(year=said.year + 1))


def _iso(match: re.Match[str], _: date) -> tuple[date, date]:
    return _single(date.fromisoformat(match["iso"]))


def _end(match: re.Match[str], said: date) -> tuple[date, date]:
    last = end_of_month(said)
    return last - 4 * _DAY, last


def _month_of(name: str) -> int:
    return next(i for i, each in enumerate(_MONTHS, 1) if each.startswith(name.lower()[:3]))


def _months_on(first: date, count: int) -> date:
    months = first.year * 12 + first.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


@cache
def _readings() -> tuple[tuple[re.Pattern[str], _Reading], ...]:
    ordinal = r"(?:st|nd|rd|th)"
    table: list[tuple[str, _Reading]] = [
        (r"(?P<iso>\d{4}-\d\d-\d\d)", _iso),
        (
            rf"(?:the )?(?P<number>\d{{1,2}}){ordinal}?(?: of)? (?P<month>{_MONTH})\b\.?"
            r"(?:,? (?P<year>20\d\d))?",
            _of_month,
        ),
        (
            rf"(?P<month>{_MONTH})\b\.? (?:the )?(?P<number_after>\d{{1,2}}){ordinal}?"
            r"(?![\d:])(?:,? (?P<year>20\d\d))?",
            _of_month,
        ),
        (r"(?P<near>(?:the )?day after tomorrow|tomorrow|tmrw|tonight|today|later today"
         rf"|this (?:morning|afternoon|evening)){_PART}", _near),
        (r"(?:the )?end of (?:the|this) month", _end),
        (
            rf"(?:next|the following) week,? (?:on )?(?:the )?(?P<day>{_WEEKDAY})\b(?!s){_PART}",
            _of_next_week,
        ),
        (
            rf"(?P<day>{_WEEKDAY})\b(?!s),? (?:of )?(?:next|the following) week{_PART}",
            _of_next_week,
        ),
        (
            rf"(?:(?P<which>this coming|this|next|last|coming) )?(?P<day>{_WEEKDAY})\b(?!s)"
            rf"(?P<week> week)?{_PART}",
            _weekday,
        ),
        # Bare, "sat" and "sun" are words.
        (rf"(?:on|by|until|(?P<which>this|next|last)) (?P<day>{_SHORT_WEEKDAY})\b(?P<week> week)?",
         _weekday),
        (r"(?P<which>this|next|the following|at the|over the) (?P<unit>weekend)", _period),
        (r"(?P<which>later this|this|next|the following) (?P<unit>week|month|year)\b", _period),
        (rf"(?:in|within) (?:about )?(?P<count>{_COUNT}|\d{{1,3}}) (?:more )?"
         r"(?P<unit>day|week|month|year)s?(?:' time|s time)?\b", _in_a_while),
        (rf"the (?P<number>\d{{1,2}}){ordinal}\b(?! (?:floor|time|century|grade|of))",
         _of_this_month),
        (r"(?:in|this|next) (?:the )?(?P<season>spring|summer|autumn|fall|winter)\b", _season),
        (r"(?:at|on|over|for) (?P<feast>christmas eve|christmas|new year's eve)\b", _feast),
        (rf"(?:in|this|next|late|early) (?P<month>{_MONTH})\b(?: (?P<year>20\d\d))?", _of_month),
    ]  # fmt: skip
    return tuple(
        (re.compile(rf"\b{_BEFORE}{pattern}(?![\w'-])", re.IGNORECASE), read)
        for pattern, read in table
    )
