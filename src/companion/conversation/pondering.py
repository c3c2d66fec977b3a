"""What she knows of the user by now: by a language model, or put together by rules."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

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
    text: str
    said: Message


async def ponder(mind: Mind) -> bool:
    """Let the language model write down what is known of the user, at most once a week.

    Returns whether it did. Raises ``BackendError`` and ``StoreError``.
    """
    lines = await asyncio.to_thread(_gather, mind)
    numbered = [f"[{n}] {each.text}" for n, each in enumerate(lines, 1)]
    question = compose_lines(
        mind.thinking.words.reflection, mind.persona.name, numbered, mind.backend.profile
    )
    if not lines or not question:
        return False
    read = [each.said for each in lines]
    sentences = read_summary(await ask(mind.backend, question, SUMMARY_FORM))
    cited = cite(sentences, dict(enumerate(read, 1)), len(lines))[:_MOST]
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
    memories = [each for each in mind.memory.shelf.memories() if each.sources]
    readable = {each.id: each for each in shelf.readable(_sources(memories))}
    lines = [
        _Line(tell(each, now.date(), near=False), readable[each.sources[-1].message_id])
        for each in memories
        if each.sources[-1].message_id in readable
    ]
    lines += _tell_summaries(mind)
    lines = sorted(lines, key=lambda line: line.said.id)[-_MOST_LINES:]
    new = [line for line in lines if last is None or line.said.id > last.last_id]
    return lines if new and len(lines) >= _LEAST_LINES else []


def _tell_summaries(mind: Mind) -> list[_Line]:
    shelf = mind.thinking.shelf
    sentences = [each for one in shelf.latest(_MOST_LINES // 4) for each in one.sentences]
    said = {each.id: each for each in shelf.readable([each.turns[0] for each in sentences])}
    return [_Line(each.text, said[each.turns[0]]) for each in sentences if each.turns[0] in said]


def _sources(memories: Sequence[Memory]) -> list[int]:
    return [source.message_id for each in memories for source in each.sources]
