"""What was summed up, as the user reads it: made anew by rules where nothing is kept."""

import asyncio
from collections.abc import Sequence
from itertools import groupby

from companion.conversation.mind import Mind
from companion.conversation.pondering import reflect_by_rules
from companion.domain.memories import MadeBy
from companion.domain.message import Message
from companion.domain.summaries import STRETCH, Summary
from companion.memory.extracting import extract


class SummaryBook:
    """Reads summaries and the reflection. All methods raise ``StoreError``."""

    def __init__(self, mind: Mind) -> None:
        self._mind = mind

    async def conversation(self, conversation_id: int) -> list[Summary]:
        """Return what a conversation told, stretch by stretch, its last words included."""
        return await asyncio.to_thread(self._read, conversation_id)

    async def reflection(self) -> Summary | None:
        """Return what is known of the user by now, or nothing while nothing is."""
        return await asyncio.to_thread(self._reflect)

    def _read(self, conversation_id: int) -> list[Summary]:
        self._mind.transcript.conversation(conversation_id)
        shelf = self._mind.thinking.shelf
        rest = groupby(shelf.rest(conversation_id), key=lambda each: each.depth // STRETCH)
        found = [
            *shelf.of_conversation(conversation_id),
            *(self._extract(list(m)) for _, m in rest),
        ]
        return sorted((each for each in found if each.sentences), key=lambda each: each.first_id)

    def _extract(self, messages: Sequence[Message]) -> Summary:
        first, last = messages[0], messages[-1]
        place = (first.conversation_id, first.id, last.id)
        return Summary(*place, self._mind.clock.now(), MadeBy.RULES, extract(messages))

    def _reflect(self) -> Summary | None:
        kept = self._mind.thinking.shelf.reflection()
        if kept and kept.sentences:
            return kept
        cited = reflect_by_rules(self._mind)
        if not cited:
            return None
        turns = [turn for each in cited for turn in each.turns] or [0]
        place = (None, min(turns), max(turns))
        return Summary(*place, self._mind.clock.now(), MadeBy.RULES, cited)
