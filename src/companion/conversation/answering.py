"""Answering a message: the prompt goes out, what comes back is kept, screened and told."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from companion.conversation.borrowing import find_borrowed
from companion.conversation.manners import Manners, mind_manners
from companion.conversation.mind import Mind
from companion.conversation.opening import go_on_from, stream_willingly
from companion.conversation.outlet import Outlet, screen_reply
from companion.conversation.prompter import write_prefix, write_prompt
from companion.conversation.reply_draft import ReplyDraft
from companion.conversation.written_words import WrittenWords
from companion.domain.care import Stance
from companion.domain.errors import CompanionError
from companion.domain.guidance import NoticedTurn, Strategy
from companion.domain.message import Message, PromptMessage, Status
from companion.domain.model import ReplyPart, Restarted, TextDelta, Usage
from companion.domain.mood import Sentiment
from companion.domain.turn_events import (
    Notice,
    ReplyEnded,
    ReplyRestarted,
    ReplyStarted,
    ReplyText,
    TurnEvent,
)
from companion.mood.family import find_direction
from companion.prompting.compose import Prompt

_ADVISING = (Strategy.SUGGEST, Strategy.INFORM, Strategy.WEIGH)
_UNNOTICED = NoticedTurn((), None)
_TOO_LONG = "That was longer than I can read at once: I read its beginning and its end."
_NOTHING = "The model gave an empty answer. Ask again, or choose another model."


@dataclass(frozen=True, slots=True)
class _Opened:
    """A reply that is open on the disk, and what it is made from.

    ``usual_wait`` is in seconds, as ``ReplyStarted`` has it.
    """

    reply: Message
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
    opened = await _open_safely(mind, message, before, stance)
    if opened.prompt.clipped:
        yield Notice(_TOO_LONG)
    draft = ReplyDraft(mind.transcript, mind.clock, opened.reply)
    outlet = Outlet(mind.watch.book, stance, message, minor=mind.disclosure.minor)
    speaking = opened.words.stand_by(_speak(mind, opened, draft, outlet), opened.reply, draft)
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


async def _open_safely(
    mind: Mind, message: Message, before: Sequence[Message], stance: Stance
) -> _Opened:
    opening = asyncio.ensure_future(asyncio.to_thread(_open, mind, message, before, stance))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        # The thread cannot be stopped: what it opened has to be closed.
        ReplyDraft(mind.transcript, mind.clock, (await opening).reply).end(Status.STOPPED)
        raise


def _open(mind: Mind, message: Message, before: Sequence[Message], stance: Stance) -> _Opened:
    backend = mind.backend
    turn = mind.moods.noticed([message.id]).get(message.id, _UNNOTICED)
    prefix = write_prefix(mind, message.conversation_id)
    history = [*before, message]
    prompt = write_prompt(mind, history, turn.guidance, backend.profile, prefix)
    words = WrittenWords(mind.watch.book, stance, message, backend.profile)
    author = words.name_author(backend.name, backend.model)
    wait = mind.transcript.usual_wait(backend.name, backend.model)
    reply = mind.transcript.begin_reply(message, *author, prompt.hash, mind.clock.now())
    return _Opened(reply, turn, prefix, prompt, words, wait)


async def _speak(
    mind: Mind, opened: _Opened, draft: ReplyDraft, outlet: Outlet
) -> AsyncGenerator[TurnEvent, None]:
    async with aclosing(mind.backend.prepare(opened.prefix)) as steps:
        async for step in steps:
            yield step
    draft.start()
    yield ReplyStarted(opened.reply, opened.prompt.messages, opened.usual_wait)
    async with aclosing(_listen(mind, opened, outlet)) as parts:
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


async def _listen(mind: Mind, opened: _Opened, outlet: Outlet) -> AsyncGenerator[ReplyPart, None]:
    """Yield what the model says and may be said; a small one is kept to her manners."""
    prompt, guidance, profile = opened.prompt, opened.turn.guidance, mind.backend.profile
    begin = mind.guidebook.begin(guidance, profile, outlet.message) if guidance else ""
    if begin:
        willing = go_on_from(mind.backend, prompt.messages, begin)
    else:
        direction = find_direction(opened.turn.entries)
        willing = stream_willingly(mind.backend, prompt.messages, direction)
    async with aclosing(willing) as parts:
        polite = mind_manners(parts, _manners(opened)) if profile.second_opening else parts
        async for part in screen_reply(polite, outlet):
            yield part


def _manners(opened: _Opened) -> Callable[[], Manners]:
    guidance, prompt = opened.turn.guidance, opened.prompt
    return partial(
        Manners,
        advises=guidance is not None and guidance.strategy in _ADVISING,
        rejoices=find_direction(opened.turn.entries) is Sentiment.POSITIVE,
        borrowed=find_borrowed(prompt.messages, prompt.examples),
    )
