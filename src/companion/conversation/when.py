"""Telling the model what time it is, in few words and only when it matters."""

import re
from datetime import datetime, timedelta

_LONG_PAUSE = timedelta(hours=3)
_ASKS = re.compile(
    r"\b(?:(?:what|which) (?:day|date|time|month|year)|what's the (?:date|time|day)"
    r"|what is the (?:date|time|day)|how late is it)\b",
    re.IGNORECASE,
)
_PARTS = ((5, "night"), (12, "morning"), (17, "afternoon"), (22, "evening"), (24, "night"))


def describe_now(now: datetime) -> str:
    """Return the day and the part of it: ``Sunday evening, 22 November 2026``."""
    part = next(name for hour, name in _PARTS if now.hour < hour)
    return f"{now:%A} {part}, {now.day} {now:%B %Y}"


def describe_day(now: datetime, then: datetime) -> str:
    """Return when something was, as people say it: ``yesterday``, ``on Tuesday``."""
    days = (now.date() - then.date()).days
    if days == 0:
        return "earlier today"
    if days == 1:
        return "yesterday"
    return f"on {then:%A}" if days < 7 else "last week"


def describe_pause(pause: timedelta) -> str:
    """Return a pause in words, from minutes to years."""
    minutes = max(0, int(pause.total_seconds() // 60))
    for size, one, many in (
        (60 * 24 * 365, "a year", "{} years"),
        (60 * 24 * 30, "a month", "{} months"),
        (60 * 24 * 7, "a week", "{} weeks"),
        (60 * 24, "a day", "{} days"),
        (60, "an hour", "{} hours"),
        (1, "a minute", "{} minutes"),
    ):
        count = minutes // size
        if count:
            return one if count == 1 else many.format(count)
    return "a moment"


def describe_moment(now: datetime, last: datetime | None, text: str = "") -> str:
    """Return what the model should know about time with this message; often nothing.

    The time is told at the beginning, after a long pause, past midnight, and where
    ``text``, the message, asks for it. Telling it with every message would cost a small
    model seconds and teach it nothing.
    """
    if last is None:
        return f"It is {describe_now(now)}."
    pause = now - last
    if _ASKS.search(text):
        return f"It is {describe_now(now)}, {now:%H:%M}."
    if pause < _LONG_PAUSE:
        return "" if now.date() <= last.date() else f"It is {describe_now(now)} by now."
    return f"{describe_pause(pause).capitalize()} later: {describe_now(now)}."
