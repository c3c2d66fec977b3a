"""A language model reads several messages for what the rules have missed."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from companion.conversation.inquiry import ask
from companion.conversation.mind import Mind
from companion.conversation.noticing import earlier_words
from companion.domain.memories import Kind, MadeBy
from companion.domain.message import Message
from companion.memory.noticing.claims import merge_claims
from companion.memory.noticing.doubt import is_playing
from companion.memory.noticing.sighting import Claim, believe
from companion.prompting.thinking import NOTICING_FORM, Sighting, compose_lines, read_sightings

_AT_ONCE, _ENOUGH = 8, 4
_LONG_AGO = timedelta(minutes=30)


async def notice_more(mind: Mind) -> bool:
    """Let the model look at some messages at once; return whether there were enough.

    What it finds is believed only where the user's own words bear it out, and only adds to
    what is known. Raises ``BackendError`` and ``StoreError``.
    """
    messages = await asyncio.to_thread(_gather, mind)
    lines = [f"[{n}] {each.text}" for n, each in enumerate(messages, 1)]
    question = compose_lines(
        mind.thinking.words.noticing, mind.persona.name, lines, mind.backend.profile
    )
    if not messages or not question:
        return False
    found = read_sightings(await ask(mind.backend, question, NOTICING_FORM))
    for n, message in enumerate(messages, 1):
        await asyncio.to_thread(_learn, mind, message, [each for each in found if each.turn == n])
    return True


def _gather(mind: Mind) -> list[Message]:
    """Return the messages to look at: several, or what is left of an earlier talk."""
    messages = mind.memory.shelf.unthought(_AT_ONCE)
    rested = messages and mind.clock.now() - messages[-1].created_at >= _LONG_AGO
    return messages if rested or len(messages) >= _ENOUGH else []


def _learn(mind: Mind, message: Message, found: Sequence[Sighting]) -> None:
    shelf = mind.memory.shelf
    said = message.created_at.astimezone(mind.clock.now().tzinfo).date()
    claims = (
        Claim(each.words, Kind(each.kind), each.subject, each.value, each.text) for each in found
    )
    learned = [each for each in (believe(claim, message.text, said) for claim in claims) if each]
    if learned and is_playing([*earlier_words(mind, message), message.text]):
        learned = []
    known = shelf.memories(closed=True) if learned else []
    shelf.learn(message, merge_claims(learned, known, message, said), MadeBy.LLM)
