"""What she knows of the user by now: by a language model, or put together by rules."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from companion.conversation.inquiry import ask
from companion.conversation.mind import Mind
from companion.conversation.summing_up import cite
from companion.domain.memories import MadeBy, Memory
from companion.domain.message import Message
from companion.domain.summaries import Cited, Summary
from companion.memory.telling import tell
from companion.prompting.thinking import SUMMARY_FORM, compose_lines, read_summary

_EVERY = timedelta(days=7)
_LEAST_LINES, _MOST_LINES = 8, 40
_MOST = 8


@dataclass(frozen=True, slots=True)
class _Line:
    """Something known, with the message that told it; what was written by hand has none."""

    text: str
    at: datetime
    said: Message | None = None

    @property
    def id(self) -> int | None:
        return self.said.id if self.said else None


async def ponder(mind: Mind) -> bool:
    """Let the language model write down what is known of the user, at most once a week.

    Returns whether it tried: where something was corrected meanwhile nothing is kept.
    Raises ``BackendError`` and ``StoreError``.
    """
    lines = await asyncio.to_thread(_gather, mind)
    numbered = [f"[{n}] {each.text}" for n, each in enumerate(lines, 1)]
    question = compose_lines(
        mind.thinking.words.reflection, mind.persona.name, numbered, mind.backend.profile
    )
    if not lines or not question:
        return False
    read = _read_for(lines)
    sentences = read_summary(await ask(mind.backend, question, SUMMARY_FORM))
    if await asyncio.to_thread(_gather, mind) != lines:
        return True
    borne_by = {n: each.said or each for n, each in enumerate(lines, 1)}
    cited = cite(sentences, borne_by, len(lines))[:_MOST]
    summary = Summary(None, read[0].id, read[-1].id, mind.clock.now(), MadeBy.LLM, cited)
    await asyncio.to_thread(mind.thinking.shelf.keep, summary, read)
    return True


def reflect_by_rules(mind: Mind) -> tuple[Cited, ...]:
    """Return what was pinned, told most often or told last, with where it was told.

    Blocks; raises ``StoreError``.
    """
    memories, today = mind.memory.shelf.memories(), mind.clock.now().date()
    readable = {each.id for each in mind.thinking.shelf.readable(_sources(memories))}
    told = [
        (each, tuple(source.message_id for source in each.sources if source.message_id in readable))
        for each in memories
    ]
    # What was only said in danger is not brought up.
    told = [(each, turns) for each, turns in told if turns or not each.sources]
    told.sort(key=lambda pair: (pair[0].pinned, len(pair[1]), pair[0].said_at), reverse=True)
    return tuple(Cited(tell(each, today, near=False), turns) for each, turns in told[:_MOST])


def _gather(mind: Mind) -> list[_Line]:
    """Return what to think about, the oldest first; nothing while there is little new."""
    shelf, now = mind.thinking.shelf, mind.clock.now()
    last = shelf.reflection()
    if last and now - last.at < _EVERY:
        return []
    lines = [*_tell_memories(mind, now.date()), *_tell_summaries(mind)]
    lines = sorted(lines, key=lambda line: (line.at, line.id or 0))[-_MOST_LINES:]
    new = [line for line in lines if last is None or _is_new(line, last)]
    return lines if new and len(lines) >= _LEAST_LINES and _read_for(lines) else []


def _is_new(line: _Line, last: Summary) -> bool:
    return line.said.id > last.last_id if line.said else line.at > last.at


def _read_for(lines: Sequence[_Line]) -> list[Message]:
    return sorted((each.said for each in lines if each.said), key=lambda said: said.id)


def _tell_memories(mind: Mind, today: date) -> list[_Line]:
    memories = mind.memory.shelf.memories()
    readable = {each.id: each for each in mind.thinking.shelf.readable(_sources(memories))}
    lines = []
    for each in memories:
        said = readable.get(each.sources[-1].message_id) if each.sources else None
        if said or not each.sources:
            at = said.created_at if said else each.said_at
            lines.append(_Line(tell(each, today, near=False), at, said))
    return lines


def _tell_summaries(mind: Mind) -> list[_Line]:
    shelf = mind.thinking.shelf
    sentences = [each for one in shelf.latest(_MOST_LINES // 4) for each in one.sentences]
    said = {each.id: each for each in shelf.readable([each.turns[0] for each in sentences])}
    found = [(each.text, said[each.turns[0]]) for each in sentences if each.turns[0] in said]
    return [_Line(text, turn.created_at, turn) for text, turn in found]


def _sources(memories: Sequence[Memory]) -> list[int]:
    return [source.message_id for each in memories for source in each.sources]
