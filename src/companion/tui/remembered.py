"""How a memory is said to the user, and how memories are grouped."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from textual.content import Content

from companion.domain.memories import Kind, MadeBy, Memory
from companion.memory.headings import HEADINGS
from companion.memory.noticing.persons import to_second
from companion.memory.telling import tell
from companion.tui.feelings import shorten

OLD = "What once held"
_QUOTED = 120


def say_memory(memory: Memory) -> str:
    """Return a memory as it is said to the user: ``Ana is your sister.``."""
    return to_second(tell(memory, datetime.now().astimezone().date(), near=False))


def name_day(at: datetime) -> str:
    """Return the day of a moment, in the zone of this machine."""
    day = at.astimezone()
    return f"{day.day} {day:%b %Y}"


def group(memories: Iterable[Memory]) -> list[tuple[str, list[Memory]]]:
    """Return memories under headings: people by name, the rest by kind, the old ones last."""
    those = list(memories)
    # "sister:ana" names Ana, who is "sister ana" in what else is known of her.
    names = {
        f"{each.slot.replace(':', ' ')}'s ": each.subject
        for each in those
        if each.kind is Kind.PERSON
    }
    groups: dict[str, list[Memory]] = {}
    for memory in those:
        groups.setdefault(_heading(memory, names), []).append(memory)
    kinds = list(HEADINGS.values())

    def place(heading: str) -> tuple[int, int, str]:
        if heading == OLD:
            return (2, 0, "")
        known = heading in kinds
        return (int(known), kinds.index(heading) if known else 0, heading.lower())

    return [(heading, groups[heading]) for heading in sorted(groups, key=place)]


def describe_with_source(memory: Memory) -> Content:
    """Return a memory with the words that it came from, in two lines."""
    return Content.assemble(say_memory(memory), (f"\n  {tell_origin(memory)}", "$quiet"))


def tell_origin(memory: Memory) -> str:
    """Say where a memory comes from."""
    if memory.made_by is MadeBy.USER or not memory.sources:
        return f"written by you, {name_day(memory.said_at)}"
    source = memory.sources[-1]
    return f"from “{shorten(source.text, _QUOTED)}”, {name_day(source.said_at)}"


def find(memories: Sequence[Memory], words: str) -> list[Memory]:
    """Return the memories that have all of the words, in theirs or where they came from."""
    sought = words.lower().split()
    return [each for each in memories if all(word in _searched(each) for word in sought)]


def _heading(memory: Memory, names: Mapping[str, str]) -> str:
    if not memory.current:
        return OLD
    if not memory.subject:
        return HEADINGS[memory.kind]
    if memory.subject[0].isupper():
        return memory.subject
    known = (name for start, name in names.items() if memory.slot.startswith(start))
    return next(known, f"Your {memory.subject}")


def _searched(memory: Memory) -> str:
    said = (say_memory(memory), memory.subject, *(source.text for source in memory.sources))
    return " ".join(said).lower()
