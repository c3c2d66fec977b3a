"""An export as Markdown, for people: conversations, the journal, memories, the plan."""

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from companion.domain import memory_records as more
from companion.domain import records
from companion.domain.records import Record
from companion.portable.markdown_memories import write_memories
from companion.portable.markdown_summaries import write_summaries
from companion.portable.markdown_talk import Talk, tell_mood

_HEAD = (
    "# Everything that Companion knows\n\nWritten on {at}. "
    "The JSON Lines beside it can be imported; this file is for reading.\n\n"
)


def write_markdown(exported: Iterable[Record], at: datetime) -> Iterator[str]:
    """Yield the pieces of the file; times are those of the zone of ``at``.

    Holds one conversation at a time, the memories and the summaries.
    """
    zone = at.tzinfo
    yield _HEAD.format(at=f"{at.day} {at:%B %Y, %H:%M}")
    talk: Talk | None = None
    rest: list[Record] = []
    for record in exported:
        if isinstance(record, records.ConversationRecord):
            if talk:
                yield from talk.write()
            talk = Talk(record, zone)
        elif talk is None or not talk.add(record):
            rest.append(record)
    if talk:
        yield from talk.write()
    yield from _write_journal(rest, zone)
    yield from write_memories(rest, zone)
    yield from write_summaries(rest)
    yield from _write_plan(rest)


def _write_journal(rest: list[Record], zone: tzinfo | None) -> Iterator[str]:
    entries = [each for each in rest if isinstance(each, records.JournalRecord)]
    if entries:
        yield "## Journal\n\n"
    for entry in entries:
        at = datetime.fromisoformat(entry.at).astimezone(zone)
        yield f"**{at.day} {at:%B %Y, %H:%M}**\n\n{entry.text}\n\n"
        for each in rest:
            if isinstance(each, records.MoodRecord) and each.journal_id == entry.id:
                yield f"> {tell_mood(each)}\n\n"


def _write_plan(rest: list[Record]) -> Iterator[str]:
    parts = [each for each in rest if isinstance(each, more.SafetyPlanRecord)]
    if parts:
        yield "## Your safety plan\n\n"
    for part in parts:
        yield f"**{part.part.replace('_', ' ').capitalize()}**\n\n{part.text}\n\n"
