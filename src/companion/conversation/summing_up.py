"""Summing up a long conversation, stretch by stretch: by rules, and by a language model."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Protocol

from companion.conversation.inquiry import ask
from companion.conversation.mind import Mind
from companion.domain.memories import MadeBy
from companion.domain.message import Role
from companion.domain.summaries import Cited, Stretch, Summary
from companion.memory.citing import choose_borne_out
from companion.memory.extracting import extract, is_earnest
from companion.prompting.thinking import (
    SUMMARY_FORM,
    Sentence,
    compose_lines,
    number_turns,
    read_summary,
)

_AT_ONCE = 4
_MOST = 4


def sum_up_by_rules(mind: Mind, conversation_id: int) -> None:
    """Keep the user's most telling sentences of what was said. Blocks; raises ``StoreError``."""
    shelf = mind.thinking.shelf
    for _ in range(_AT_ONCE):
        stretch = shelf.next_stretch(conversation_id, MadeBy.RULES)
        if stretch is None:
            return
        _keep(mind, stretch, MadeBy.RULES, extract(stretch.messages))


async def sum_up(mind: Mind, conversation_id: int) -> bool:
    """Let the language model sum up one stretch; return whether there was one.

    What cites nothing that bears it out is left out. Raises ``BackendError`` and
    ``StoreError``.
    """
    find = mind.thinking.shelf.next_stretch
    stretch = await asyncio.to_thread(find, conversation_id, MadeBy.LLM)
    if stretch is None:
        return False
    lines = number_turns(stretch.messages, mind.persona.name)
    question = compose_lines(
        mind.thinking.words.summary, mind.persona.name, lines, mind.backend.profile
    )
    citable = {
        n: each
        for n, each in enumerate(stretch.messages, 1)
        if each.role is Role.USER and is_earnest(each.text)
    }
    answer = await ask(mind.backend, question, SUMMARY_FORM) if question and citable else ""
    sentences = cite(read_summary(answer), citable, len(lines))[:_MOST]
    await asyncio.to_thread(_keep, mind, stretch, MadeBy.LLM, sentences)
    return True


class Citable(Protocol):
    """What a sentence may rest on: a message, or, without a number, what the user wrote."""

    @property
    def id(self) -> int | None:
        """The number of the message."""
        ...

    @property
    def text(self) -> str:
        """The words."""
        ...


def cite(
    sentences: Sequence[Sentence], citable: Mapping[int, Citable], lines: int
) -> tuple[Cited, ...]:
    """Return the sentences that are borne out by what they cite, with the messages' numbers.

    ``citable`` are the lines, by number, that a sentence may rest on. One that cites a line
    beyond the ``lines`` that there were is not believed at all.
    """
    kept: dict[str, Cited] = {}
    for each in sentences:
        turns = [citable[n] for n in dict.fromkeys(each.turns) if n in citable]
        if any(not 1 <= n <= lines for n in each.turns):
            continue
        text = " ".join(each.text.split())
        places = choose_borne_out(text, [turn.text for turn in turns])
        if places:
            ids = dict.fromkeys(turns[place].id for place in places)
            kept.setdefault(text, Cited(text, tuple(n for n in ids if n is not None)))
    return tuple(kept.values())


def _keep(mind: Mind, stretch: Stretch, made_by: MadeBy, sentences: Sequence[Cited]) -> None:
    summary = Summary(
        *(stretch.conversation_id, stretch.first_id, stretch.last_id),
        mind.clock.now(),
        made_by,
        tuple(sentences),
    )
    mind.thinking.shelf.keep(summary, stretch.messages)
