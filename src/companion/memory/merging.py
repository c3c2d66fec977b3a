"""What is found in a message, compared with what is known: new, told again, or changed."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from companion.domain.findings import Ended, Finding, Moved, Renamed
from companion.domain.memories import Change, Close, Confirm, Keep, Kind, Learned, Memory
from companion.memory.day_words import describe_days
from companion.memory.subjects import DATED, head_terms
from companion.memory.words import terms_of

_LOOSE_SLOTS = ("work:role", "work:place", "study")
"""Here "teacher" and "primary school teacher" are one answer, told more or less fully."""
_EVENTS = "event"
_JUST_NOW = timedelta(days=1)


def merge(
    findings: Sequence[Finding], known: Sequence[Memory], at: datetime, today: date
) -> list[Change]:
    """Return what a message does to what is known.

    ``known`` is what holds now, ``at`` is when the message was written, ``today`` that day
    in the user's own time zone. A memory that is later than the message stays as it is.
    """
    changes: list[Change] = []
    for finding in findings:
        touched = {each.memory_id for each in changes if isinstance(each, Confirm | Close)}
        touched |= {old for each in changes if isinstance(each, Keep) for old in each.replaces}
        open_ = [m for m in known if m.id not in touched and m.said_at <= at]
        newer = [m for m in known if m.said_at > at]
        changes = _add(changes, finding, _merge_one(finding, open_, newer, at, today))
    return changes


def _add(changes: list[Change], finding: Finding, more: list[Change]) -> list[Change]:
    """Add changes; what a message puts right in itself was never so.

    "I lived in Berlin, I live in Lisbon now" and "It's on Monday. No, Tuesday."
    """
    last = changes[-1] if changes else None
    planned = last.learned if isinstance(last, Keep) and last.learned.kind in DATED else None
    if isinstance(finding, Moved) and not finding.what and isinstance(last, Keep) and planned:
        return [*changes[:-1], replace(last, learned=_as_moved(planned, finding))]
    for each in more:
        if isinstance(each, Keep):
            same = [c for c in changes if isinstance(c, Keep) and _is_same(c, each)]
            changes = [change for change in changes if change not in same]
            replaced = tuple(old for change in same for old in change.replaces)
            each = replace(each, replaces=(*replaced, *each.replaces))
        changes = [*changes, each]
    return changes


def _is_same(one: Keep, other: Keep) -> bool:
    return one.learned.slot == other.learned.slot


def _merge_one(
    finding: Finding, known: Sequence[Memory], newer: Sequence[Memory], at: datetime, today: date
) -> list[Change]:
    match finding:
        case Ended():
            return _end(finding, known, at, today)
        case Moved():
            return _move(finding, known, at, today)
        case Renamed():
            return _rename(finding, known)
    if any(memory.slot == finding.slot for memory in newer):
        return []
    if finding.kind in DATED:
        return [_schedule(finding, known, today)]
    return [_answer(finding, known)]


def _answer(learned: Learned, known: Sequence[Memory]) -> Change:
    """Compare an answer with the one that is known to the same question."""
    same = [memory for memory in known if memory.slot == learned.slot]
    for memory in same:
        if _says(memory, learned):
            return Confirm(memory.id, learned)
    closed = [memory for memory in known if _is_in(memory.slot, learned.closes)]
    return Keep(learned, tuple(memory.id for memory in (*same, *closed)))


def _says(memory: Memory, learned: Learned) -> bool:
    """Whether a memory says the same already, or the same and more."""
    if memory.kind is not learned.kind:
        return False
    old, new = set(terms_of(memory.value)), set(terms_of(learned.value))
    if learned.slot in _LOOSE_SLOTS:
        return bool(new) and new <= old
    return memory.value.casefold() == learned.value.casefold() or (bool(new) and new == old)


def _schedule(learned: Learned, known: Sequence[Memory], today: date) -> Change:
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
    return Keep(learned, tuple(memory.id for memory in moved))


def _end(ended: Ended, known: Sequence[Memory], at: datetime, today: date) -> list[Change]:
    if _EVENTS in ended.slots:
        over = _coming(known, ended.what, today)[:1]
    else:
        over = [memory for memory in known if _is_in(memory.slot, ended.slots)]
        # Of two cats, who knows which one died.
        if ended.what and len(over) > 1 and all(m.kind is Kind.PERSON for m in over):
            over = over if ended.what.startswith("partner") else []
    if ended.instead and (over or not ended.only_known):
        return [Keep(ended.instead, tuple(memory.id for memory in over))]
    return [Close(memory.id, at) for memory in over]


def _move(moved: Moved, known: Sequence[Memory], at: datetime, today: date) -> list[Change]:
    if moved.what:
        found = _coming(known, moved.what, today)
    else:
        found = [m for m in _coming(known, "", today) if at - m.said_at <= _JUST_NOW]
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


def _on_other_days(moved: Moved, memory: Memory) -> list[Change]:
    if (memory.since, memory.until) == (moved.since, moved.until):
        return []
    return [Keep(_as_moved(_as_learned(memory), moved), (memory.id,))]


def _as_moved(learned: Learned, moved: Moved) -> Learned:
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


def _rename(renamed: Renamed, known: Sequence[Memory]) -> list[Change]:
    name = re.compile(rf"\b{re.escape(renamed.old)}\b", re.IGNORECASE)

    def put_right(text: str) -> str:
        return name.sub(lambda _: renamed.new, text)

    return [
        Keep(
            _as_learned(
                memory,
                subject=put_right(memory.subject),
                slot=put_right(memory.slot).lower(),
                value=put_right(memory.value),
                text=put_right(memory.text),
                start=renamed.start,
                end=renamed.end,
                due=memory.until + timedelta(days=1) if memory.until else None,
            ),
            (memory.id,),
        )
        for memory in known
        if name.search(memory.text)
    ]


def _as_learned(memory: Memory, **changes: object) -> Learned:
    same = Learned(
        *(memory.kind, memory.subject, memory.slot, memory.value, memory.text),
        since=memory.since,
        until=memory.until,
        confidence=memory.confidence,
    )
    return replace(same, **changes)  # type: ignore[arg-type]


def _coming(known: Sequence[Memory], what: str, today: date) -> list[Memory]:
    """Return dated things that are not over, those told last first; by name, if one is given."""
    terms = set(terms_of(what))
    found = [
        memory
        for memory in known
        if memory.kind in DATED
        and memory.until
        and memory.until >= today - _JUST_NOW
        and (not what or not terms.isdisjoint(head_terms(memory.kind, memory.value)))
    ]
    return sorted(found, key=lambda memory: (memory.said_at, memory.id), reverse=True)


def _is_in(slot: str, slots: Sequence[str]) -> bool:
    return slot in slots or slot.partition(":")[0] in slots
