"""Memories as Markdown: what holds by kind, what once held, where each came from."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from companion.domain.memory_records import FollowUpRecord, MemoryRecord, MemorySourceRecord
from companion.domain.records import Record
from companion.memory.headings import HEADINGS


def write_memories(rest: Sequence[Record], zone: tzinfo | None) -> Iterator[str]:
    """Yield the memories among ``rest`` with their sources, those that no longer hold last."""
    memories = [each for each in rest if isinstance(each, MemoryRecord)]
    if not memories:
        return
    about = _find_sources(rest)
    yield "## What she remembers\n\n"
    for kind, heading in HEADINGS.items():
        held = [each for each in memories if each.kind is kind and each.closed_at is None]
        if held:
            yield f"### {heading}\n\n"
            yield from (_line(each, about, zone) for each in held)
            yield "\n"
    closed = [each for each in memories if each.closed_at is not None]
    if closed:
        yield "### What once held\n\n"
        yield from (_line(each, about, zone) for each in closed)
        yield "\n"


def _find_sources(rest: Sequence[Record]) -> dict[int, list[str]]:
    about: dict[int, list[str]] = {}
    for each in rest:
        if isinstance(each, MemorySourceRecord):
            about.setdefault(each.memory_id, []).append(f"from message {each.message_id}")
        elif isinstance(each, FollowUpRecord):
            told = "asked" if each.asked_at else "answered" if each.settled_at else "to be asked"
            about.setdefault(each.memory_id, []).append(f"{told} from {each.due_on} on")
    return about


def _line(memory: MemoryRecord, about: dict[int, list[str]], zone: tzinfo | None) -> str:
    parts = [f"memory {memory.id}", f"told {_day(memory.said_at, zone)}"]
    if memory.made_by == "user":
        parts.append("your own words")
    if memory.pinned:
        parts.append("pinned")
    if memory.closed_at:
        parts.append(f"until {_day(memory.closed_at, zone)}")
    if memory.replaced_by:
        parts.append(f"now memory {memory.replaced_by}")
    parts += about.get(memory.id, ())
    return f"- {memory.text} ({', '.join(parts)})\n"


def _day(moment: str, zone: tzinfo | None) -> str:
    at = datetime.fromisoformat(moment).astimezone(zone)
    return f"{at.day} {at:%B %Y}"
