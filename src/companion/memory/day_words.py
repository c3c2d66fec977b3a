"""Days in words."""

from calendar import monthrange
from datetime import date, timedelta

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def describe_days(since: date, until: date) -> str:
    """Return days in words that stay true: ``on Friday 27 November 2026``."""
    if since == until:
        return f"on {WEEKDAYS[since.weekday()]} {_name(since)} {since.year}"
    if since.day == 1 and until == end_of_month(since):
        return f"in {MONTHS[since.month - 1]} {since.year}"
    if since.year == until.year:
        return f"between {_name(since)} and {_name(until)} {until.year}"
    return f"between {_name(since)} {since.year} and {_name(until)} {until.year}"


def describe_near(since: date, until: date, today: date) -> str:
    """Return days as seen from today: ``tomorrow``, ``on Friday``, ``on 14 December``."""
    away = (since - today).days
    if since != until:
        return "now" if since <= today <= until else _describe_stretch(since, until, today)
    if abs(away) <= 1:
        return ("yesterday", "today", "tomorrow")[away + 1]
    weekday = WEEKDAYS[since.weekday()]
    if 1 < away < 7:
        return f"on {weekday}"
    if -7 < away < -1:
        return f"last {weekday}"
    year = "" if since.year == today.year or 0 < away < 200 else f" {since.year}"
    return f"on {_name(since)}{year}"


def _describe_stretch(since: date, until: date, today: date) -> str:
    monday = today - today.weekday() * timedelta(days=1)
    weekend = (since.weekday(), until.weekday()) == (5, 6) and (until - since).days == 1
    if weekend and 0 <= (since - monday).days < 7:
        return "at the weekend"
    if (until - since).days == 6 and (since - monday).days in (7, -7):
        return "next week" if since > today else "last week"
    return describe_days(since, until)


def _name(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def end_of_month(day: date) -> date:
    """Return the last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])
