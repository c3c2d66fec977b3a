"""Answering a message: the prompt goes out, what comes back is kept, screened and told."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from companion.conversation.borrowing import find_borrowed
from companion.conversation.manners import Manners, mind_manners
from companion.conversation.mind import Mind
from companion.conversation.opening import go_on_from, stream_willingly
from companion.conversation.outlet import Outlet, screen_reply
from companion.conversation.own_name import drop_own_name
from companion.conversation.prompter import write_prefix, write_prompt
from companion.conversation.reply_draft import ReplyDraft
from companion.conversation.whose import give_back_people
from companion.conversation.written_words import WrittenWords
from companion.domain.care import Stance
from companion.domain.errors import CompanionError
from companion.domain.guidance import NoticedTurn, Strategy
from companion.domain.message import Message, PromptMessage, Status
from companion.domain.model import ReplyPart, Restarted, TextDelta, Usage
from companion.domain.turn_events import (
    Notice,
    ReplyEnded,
    ReplyRestarted,
    ReplyStarted,
    ReplyText,
    TurnEvent,
)
from companion.mood.family import find_direction, may_rejoice
from companion.prompting.compose import Prompt

_ADVISING = (Strategy.SUGGEST, Strategy.INFORM, Strategy.WEIGH)
_UNNOTICED = NoticedTurn((), None)
_TOO_LONG = "That was longer than I can read at once: I read its beginning and its end."
_NOTHING = "The model gave an empty answer. Ask again, or choose another model."


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What a reply is made from. ``usual_wait`` is in seconds, as ``ReplyStarted`` has it."""

    turn: NoticedTurn
    prefix: Sequence[PromptMessage]
    prompt: Prompt
    words: WrittenWords
    usual_wait: float | None


async def answer(
    mind: Mind, message: Message, before: Sequence[Message], stance: Stance
) -> AsyncGenerator[TurnEvent, None]:
    """Answer a message of the user; ``before`` is what was said before it, oldest first.

    Closing the iterator or cancelling the task stops the reply and keeps what came of it.
    A failure of the model is an event. Raises ``StoreError``.
    """
    ready = await asyncio.to_thread(_prepare, mind, message, before, stance)
    if ready.prompt.clipped:
        yield Notice(_TOO_LONG)
    reply = await _open_safely(mind, message, ready)
    draft = ReplyDraft(mind.transcript, mind.clock, reply)
    outlet = Outlet(mind.watch.book, stance, message, minor=mind.disclosure.minor)
    speaking = ready.words.stand_by(_speak(mind, ready, reply, draft, outlet), reply, draft)
    try:
        async with draft.kept(), aclosing(speaking) as events:
            async for event in events:
                yield event
        error = None if draft.text.strip() else _NOTHING
    except CompanionError as problem:
        error = str(problem)
    except (asyncio.CancelledError, GeneratorExit):
        draft.end(Status.STOPPED)
        raise
    status = Status.FAILED if error else Status.COMPLETE
    yield ReplyEnded(await asyncio.to_thread(draft.end, status, error))


async def _open_safely(mind: Mind, message: Message, ready: _Prepared) -> Message:
    backend = mind.backend
    author = ready.words.name_author(backend.name, backend.model)
    begin = mind.transcript.begin_reply
    opening = asyncio.ensure_future(
        asyncio.to_thread(begin, message, *author, ready.prompt.hash, mind.clock.now())
    )
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        # The thread cannot be stopped: what it opened has to be closed.
        ReplyDraft(mind.transcript, mind.clock, await opening).end(Status.STOPPED)
        raise


def _prepare(mind: Mind, message: Message, before: Sequence[Message], stance: Stance) -> _Prepared:
    backend = mind.backend
    turn = mind.moods.noticed([message.id]).get(message.id, _UNNOTICED)
    prefix = write_prefix(mind, message.conversation_id)
    history = [*before, message]
    prompt = write_prompt(mind, history, turn.guidance, backend.profile, prefix)
    words = WrittenWords(mind.watch.book, stance, message, backend.profile)
    wait = mind.transcript.usual_wait(backend.name, backend.model)
    return _Prepared(turn, prefix, prompt, words, wait)


async def _speak(
    mind: Mind, ready: _Prepared, reply: Message, draft: ReplyDraft, outlet: Outlet
) -> AsyncGenerator[TurnEvent, None]:
    async with aclosing(mind.backend.prepare(ready.prefix)) as steps:
        async for step in steps:
            yield step
    draft.start()
    yield ReplyStarted(reply, ready.prompt.messages, ready.usual_wait)
    async with aclosing(_listen(mind, ready, outlet)) as parts:
        async for part in parts:
            match part:
                case TextDelta():
                    shown = draft.add(part.text)
                    if shown:
                        yield ReplyText(shown)
                case Restarted():
                    draft.begin_again()
                    yield ReplyRestarted(part.why)
                case Usage():
                    draft.count(part)


async def _listen(mind: Mind, ready: _Prepared, outlet: Outlet) -> AsyncGenerator[ReplyPart, None]:
    """Yield what the model says and may be said; a small one is kept to her manners."""
    prompt, guidance, profile = ready.prompt, ready.turn.guidance, mind.backend.profile
    begin = mind.guidebook.begin(guidance, profile, outlet.message) if guidance else ""
    if begin:
        willing = go_on_from(mind.backend, prompt.messages, begin)
    else:
        direction = find_direction(ready.turn.entries)
        willing = stream_willingly(mind.backend, prompt.messages, direction)
    async with aclosing(willing) as parts:
        polite = _keep_to_manners(mind, ready, parts, outlet) if profile.second_opening else parts
        async for part in screen_reply(polite, outlet):
            yield part


def _keep_to_manners(
    mind: Mind, ready: _Prepared, parts: AsyncIterator[ReplyPart], outlet: Outlet
) -> AsyncIterator[ReplyPart]:
    polite = mind_manners(drop_own_name(parts, mind.persona.name), _manners(ready))
    return give_back_people(polite, outlet.message.text)


def _manners(ready: _Prepared) -> Callable[[], Manners]:
    guidance, prompt = ready.turn.guidance, ready.prompt
    return partial(
        Manners,
        advises=guidance is not None and guidance.strategy in _ADVISING,
        rejoices=may_rejoice(ready.turn.entries),
        borrowed=find_borrowed(prompt.messages, prompt.examples),
    )
