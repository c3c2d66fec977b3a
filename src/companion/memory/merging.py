"""What is found in a message, compared with what is known: new, told again, or changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from companion.domain.findings import Ended, Finding, Moved, Renamed
from companion.domain.memories import Change, Close, Confirm, Keep, Kind, Learned, Memory
from companion.memory.renaming import rename
from companion.memory.scheduling import (
    as_moved,
    find_coming,
    find_just_told,
    move,
    schedule,
)
from companion.memory.subjects import DATED
from companion.memory.words import terms_of

_LOOSE_SLOTS = ("work:role", "work:place", "study")
"""Here "teacher" and "primary school teacher" are one answer, told more or less fully."""
_EVENTS = "event"
_DEATH = "'s death"


def merge(
    findings: Sequence[Finding], known: Sequence[Memory], at: datetime, today: date
) -> list[Change]:
    """Return what a message does to what is known.

    ``known`` is what holds now, ``at`` is when the message was written, ``today`` that day
    in the user's own time zone. A memory that is later than the message stays as it is.
    """
    changes: list[Change] = []
    for finding in findings:
        touched = {each.memory_id for each in changes if isinstance(each, Close)}
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
    dated = (*DATED, Kind.BIRTHDAY)
    planned = last.learned if isinstance(last, Keep) and last.learned.kind in dated else None
    if isinstance(finding, Moved) and not finding.what and isinstance(last, Keep) and planned:
        return [*changes[:-1], replace(last, learned=as_moved(planned, finding))]
    for each in more:
        if isinstance(each, Keep):
            same = [c for c in changes if isinstance(c, Keep) and _is_undone(c, each)]
            changes = [change for change in changes if change not in same]
            replaced = tuple(old for change in same for old in change.replaces)
            each = replace(each, replaces=(*replaced, *each.replaces))
        changes = [*changes, each]
    return changes


def _is_undone(one: Keep, other: Keep) -> bool:
    """Whether a message goes on to say otherwise: "I quit. I work at the zoo now."."""
    slot = one.learned.slot
    return (
        slot == other.learned.slot
        or _is_in(slot, other.learned.closes)
        or _tells_death_of(other.learned, one.learned)
    )


def _tells_death_of(learned: Learned, person: Learned | Memory) -> bool:
    """Whether something tells that a person died of whom the other tells who they are."""
    kin, told, _ = learned.slot.rpartition(_DEATH)
    if not told or person.kind is not Kind.PERSON or not person.subject:
        return False
    relation = person.slot.partition(":")[0]
    return kin.casefold() in (relation, f"{relation} {person.subject}".casefold())


def _merge_one(
    finding: Finding, known: Sequence[Memory], newer: Sequence[Memory], at: datetime, today: date
) -> list[Change]:
    match finding:
        case Ended():
            return _end(finding, known, at, today)
        case Moved():
            return move(finding, known, at, today)
        case Renamed():
            return rename(finding, known, at)
    if any(memory.slot == finding.slot for memory in newer):
        return []
    if finding.kind in DATED:
        return [schedule(finding, known, today)]
    if finding.slot.endswith(_DEATH):
        return [_mourn(finding, known)]
    return [_answer(finding, known)]


def _mourn(learned: Learned, known: Sequence[Memory]) -> Change:
    """Let the death of somebody take the place of who they are, and keep their name."""
    people = [memory for memory in known if _tells_death_of(learned, memory)]
    change = _answer(learned, known)
    if len(people) != 1 or not isinstance(change, Keep):
        # Of two sisters, who knows which one died.
        return change
    who = f"{people[0].slot.partition(':')[0]} {people[0].subject}"
    text = f"Their {who} died."
    return Keep(replace(learned, text=text), (*change.replaces, people[0].id))


def _answer(learned: Learned, known: Sequence[Memory]) -> Change:
    """Compare an answer with the one that is known to the same question."""
    same = [memory for memory in known if memory.slot == learned.slot]
    for memory in same:
        if _says(memory, learned):
            return Confirm(memory.id, learned)
    for memory in known:
        if _is_fuller(memory, learned):
            return Confirm(memory.id, learned)
    same += [memory for memory in known if _is_fuller(learned, memory)]
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


def _is_fuller(one: Memory | Learned, other: Memory | Learned) -> bool:
    """Whether one tells of a best friend where the other tells of a friend of that name."""
    names = (one.subject.casefold(), other.subject.casefold())
    return one.slot == "best friend" and other.slot == f"friend:{names[0]}" and len(set(names)) == 1


def _end(ended: Ended, known: Sequence[Memory], at: datetime, today: date) -> list[Change]:
    if _EVENTS in ended.slots:
        over = find_coming(known, ended.what, today)[:1]
        if not over and not terms_of(ended.what):
            # "It is cancelled": what was spoken of just now.
            over = find_just_told(known, at, today)[:1]
    else:
        over = [memory for memory in known if _is_in(memory.slot, ended.slots)]
        # Of two cats, who knows which one died.
        if ended.what and len(over) > 1 and all(m.kind is Kind.PERSON for m in over):
            over = over if ended.what.startswith("partner") else []
    if ended.instead and (over or not ended.only_known):
        return [Keep(ended.instead, tuple(memory.id for memory in over))]
    return [Close(memory.id, at) for memory in over]


def _is_in(slot: str, slots: Sequence[str]) -> bool:
    return slot in slots or slot.partition(":")[0] in slots
