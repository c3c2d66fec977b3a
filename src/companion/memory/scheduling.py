"""What has a day: planned, told again, moved to another one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from companion.domain.findings import Moved
from companion.domain.memories import Change, Confirm, Keep, Kind, Learned, Memory
from companion.memory.day_words import MONTHS, describe_days
from companion.memory.subjects import DATED, head_terms, name_terms
from companion.memory.words import terms_of

_JUST_NOW = timedelta(days=1)


def schedule(learned: Learned, known: Sequence[Memory], today: date) -> Change:
    """Compare something with a day to what is to come.

    Of the same name and on the same day it is the same, told again, or more fully. "My
    interview is on Tuesday" moves the interview; "I have an interview" may be another one.
    """
    head = head_terms(learned.kind, learned.value)
    alike = [
        memory
        for memory in known
        if memory.kind in DATED
        and not head.isdisjoint(head_terms(memory.kind, memory.value))
        and (memory.until is None or memory.until >= today)
    ]
    for memory in alike:
        if (memory.since, memory.until) == (learned.since, learned.until):
            new, old = set(terms_of(learned.value)), set(terms_of(memory.value))
            return Confirm(memory.id, learned) if new <= old else Keep(learned, (memory.id,))
    moved = alike if learned.value.startswith("their ") else []
    if moved and learned.since and set(terms_of(learned.value)) <= set(terms_of(moved[-1].value)):
        # "The interview" on another day is still the job interview.
        learned = replace(learned, value=moved[-1].value, text=_reword(moved[-1], learned))
    return Keep(learned, tuple(memory.id for memory in moved))


def _reword(memory: Memory, learned: Learned) -> str:
    days = Moved("", *_days_of(learned), learned.start, learned.end)
    return as_moved(as_learned(memory), days).text


def _days_of(learned: Learned) -> tuple[date, date]:
    assert learned.since is not None
    assert learned.until is not None
    return learned.since, learned.until


def move(moved: Moved, known: Sequence[Memory], at: datetime, today: date) -> list[Change]:
    """Return the changes that put what is moved on its other days."""
    if moved.what:
        found = find_coming(known, moved.what, today)
    else:
        found = _find_corrected(moved, known, at, today)
    if found:
        return _on_other_days(moved, found[0])
    if not moved.what:
        return []
    value = f"their {moved.what}"
    days = describe_days(moved.since, moved.until)
    return [
        Keep(
            Learned(
                *(Kind.EVENT, "", f"event:{moved.what}".lower(), value),
                f"They have {value} {days}.",
                *(moved.start, moved.end, moved.since, moved.until),
                due=moved.until + timedelta(days=1),
            )
        )
    ]


def _find_corrected(
    moved: Moved, known: Sequence[Memory], at: datetime, today: date
) -> list[Memory]:
    """Return what "it" is that was put on a wrong day: what was on that day, or told just now."""
    days = [*find_coming(known, "", today), *(m for m in known if m.kind is Kind.BIRTHDAY)]
    days.sort(key=lambda memory: (memory.said_at, memory.id), reverse=True)
    on_the_day = [memory for memory in days if moved.old and _is_on(memory, moved.old)]
    return on_the_day or [memory for memory in days if at - memory.said_at <= _JUST_NOW]


def _is_on(memory: Memory, day: date) -> bool:
    if memory.kind is Kind.BIRTHDAY:
        return memory.value == f"{day:%m-%d}"
    return memory.since is not None and (memory.since.month, memory.since.day) == (
        day.month,
        day.day,
    )


def _on_other_days(moved: Moved, memory: Memory) -> list[Change]:
    if (memory.since, memory.until) == (moved.since, moved.until):
        return []
    return [Keep(as_moved(as_learned(memory), moved), (memory.id,))]


def as_moved(learned: Learned, moved: Moved) -> Learned:
    """Return something that is to come, or a birthday, on other days."""
    if learned.kind is Kind.BIRTHDAY:
        day = moved.since
        text = f"{learned.text.rpartition(' on ')[0]} on {day.day} {MONTHS[day.month - 1]}."
        value, start, end = f"{day:%m-%d}", moved.start, moved.end
        return replace(learned, value=value, text=text, start=start, end=end)
    old = describe_days(learned.since, learned.until) if learned.since and learned.until else ""
    text = learned.text.removesuffix(".").removesuffix(old).rstrip()
    return replace(
        learned,
        text=f"{text} {describe_days(moved.since, moved.until)}.",
        start=moved.start,
        end=moved.end,
        since=moved.since,
        until=moved.until,
        due=moved.until + timedelta(days=1),
    )


def as_learned(memory: Memory, **changes: object) -> Learned:
    """Return a memory as it would be learned now, with changes."""
    same = Learned(
        *(memory.kind, memory.subject, memory.slot, memory.value, memory.text),
        since=memory.since,
        until=memory.until,
        confidence=memory.confidence,
    )
    return replace(same, **changes)  # type: ignore[arg-type]


def find_coming(known: Sequence[Memory], what: str, today: date) -> list[Memory]:
    """Return dated things that are not over, those told last first; by name, if one is given."""
    terms = set(terms_of(what))
    found = [
        memory
        for memory in known
        if memory.kind in DATED
        and memory.until
        and memory.until >= today - _JUST_NOW
        and (not what or not terms.isdisjoint(name_terms(memory.kind, memory.value)))
    ]
    return sorted(found, key=lambda memory: (memory.said_at, memory.id), reverse=True)


def find_just_told(known: Sequence[Memory], at: datetime, today: date) -> list[Memory]:
    """Return dated things that are not over and were told within a day, the last first."""
    return [m for m in find_coming(known, "", today) if at - m.said_at <= _JUST_NOW]
