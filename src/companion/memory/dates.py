"""Stretches of time that a question speaks of: "last summer", "in May 2023"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "couple of": 2, "three": 3, "four": 4, "few": 3}
_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}
_MONTH = "|".join(_MONTHS)
# "may" and "march" are months only where a day, a year or a word of time stands beside them.
_DATE = re.compile(
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? |\b(?P<sign>in|on|of|during|since|before|"
    rf"after|until|by|early|late|mid|last|this) )?\b(?P<month>{_MONTH})\b"
    rf"(?: (?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?\b)?,?(?: (?:of )?(?P<year>(?:19|20)\d\d))?"
)
_YEAR = re.compile(r"\b(?:in|during|of|since|year) ((?:19|20)\d\d)\b")
_AGO = re.compile(
    r"\b(?:a )?(one|two|three|four|few|couple of|an?|\d{1,3}) (day|week|month|year)s? ago\b"
)
_LAST = re.compile(r"\b(last|this|past) (day|week|month|year|spring|summer|autumn|fall|winter)\b")
_DAYS = {"today": 0, "tonight": 0, "yesterday": 1, "last night": 1}


@dataclass(frozen=True, slots=True)
class Span:
    """From ``since`` up to, and not including, ``until``; both aware."""

    since: datetime
    until: datetime

    def nearness(self, at: datetime) -> float:
        """Return 1 within the span, 0.5 as long again after it (within 14 to 31 days), else 0.

        What happened is often told a little later.
        """
        if self.since <= at < self.until:
            return 1.0
        afterwards = min(timedelta(days=31), max(timedelta(days=14), self.until - self.since))
        return 0.5 if self.until <= at < self.until + afterwards else 0.0


def find_spans(question: str, now: datetime) -> list[Span]:
    """Return the stretches of time that a question names, seen from ``now`` (aware)."""
    text = " ".join(question.lower().replace(",", " ").split())
    spans = [*_named_dates(text, now), *_relative(text, now)]
    years = [] if spans else [int(year) for year in _YEAR.findall(text)]
    return spans + [Span(_first(year, 1, now), _first(year + 1, 1, now)) for year in years]


def _named_dates(text: str, now: datetime) -> Iterator[Span]:
    for match in _DATE.finditer(text):
        day, sign = match["day"] or match["day_after"], match["sign"]
        if match["month"] in ("may", "march") and not (day or sign or match["year"]):
            continue
        month = _MONTHS.index(match["month"]) + 1
        year = int(match["year"]) if match["year"] else None
        start = _first(year or now.year, month, now)
        # Without a year: the last one that has come.
        if year is None and start > now:
            start = _first(now.year - 1, month, now)
        if day and 1 <= int(day) <= 28 + (month != 2) * 2:
            start += timedelta(days=int(day) - 1)
            yield Span(start, start + timedelta(days=1))
        else:
            yield Span(start, _months_later(start, 1))


def _relative(text: str, now: datetime) -> Iterator[Span]:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    one_day = timedelta(days=1)
    for words, days in _DAYS.items():
        if re.search(rf"\b{words}\b", text):
            yield Span(today - days * one_day, today - (days - 1) * one_day)
    for count, unit in _AGO.findall(text):
        number = _NUMBERS.get(count) or int(count)
        length = min(_UNITS[unit] * number, 36500)
        slack = _UNITS[unit] * one_day / 2 + one_day / 2
        middle = today - length * one_day
        yield Span(max(_first(1900, 1, now), middle - slack), middle + slack)
    for which, unit in _LAST.findall(text):
        yield _stretch(which, unit, today)


def _stretch(which: str, unit: str, today: datetime) -> Span:
    """Return "last week" or "this summer" as seen from ``today``."""
    if unit in _SEASONS:
        start = _first(today.year, _SEASONS[unit], today)
        if start > today or (which != "this" and _months_later(start, 3) > today):
            start = _first(start.year - 1, start.month, today)
        return Span(start, _months_later(start, 3))
    length = timedelta(days=_UNITS[unit])
    if which == "last" and unit == "month":
        start = _months_later(today.replace(day=1), -1)
        return Span(start, _months_later(start, 1))
    if which == "last" and unit == "year":
        return Span(_first(today.year - 1, 1, today), _first(today.year, 1, today))
    # "Last week" is said of the seven days before as well as of the calendar's week.
    back = length + timedelta(days=today.weekday()) if which == "last" else length
    return Span(today - back, today + timedelta(days=1))


def _first(year: int, month: int, like: datetime) -> datetime:
    return datetime(year, month, 1, tzinfo=like.tzinfo or UTC)


def _months_later(start: datetime, count: int) -> datetime:
    months = start.year * 12 + start.month - 1 + count
    return start.replace(year=months // 12, month=months % 12 + 1, day=1)
