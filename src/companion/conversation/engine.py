"""One conversation and its turns."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from companion.conversation.borrowing import find_borrowed
from companion.conversation.guide import Guide
from companion.conversation.idle import think
from companion.conversation.letting_go import leave_out_forgotten, let_go
from companion.conversation.manners import mind_manners
from companion.conversation.mind import Mind
from companion.conversation.name import notice_name
from companion.conversation.noticing import catch_up
from companion.conversation.opening import go_on_from, stream_willingly
from companion.conversation.outlet import Outlet, screen_reply
from companion.conversation.reflection import refine_appraisal
from companion.conversation.reply_draft import ReplyDraft
from companion.conversation.summing_up import sum_up_by_rules
from companion.conversation.watch import watch_over
from companion.conversation.written_words import WrittenWords
from companion.domain.errors import CompanionError
from companion.domain.guidance import Guidance, NoticedTurn, Strategy
from companion.domain.message import Message, PromptMessage, Role, Status
from companion.domain.model import ReplyPart, Restarted, TextDelta, Usage
from companion.domain.mood import MoodEntry
from companion.domain.turn_events import (
    CameToMind,
    MemoriesTold,
    MoodNoticed,
    Notice,
    ReplyEnded,
    ReplyRestarted,
    ReplyStarted,
    ReplyText,
    TurnEvent,
    UserMessageSaved,
)
from companion.mood.family import find_direction
from companion.prompting.compose import Prompt, compose_prefix, compose_prompt
from companion.prompting.earlier import Earlier
from companion.safety.sanitise import make_harmless

_WINDOW = 400
_STRETCHES = 40
"""So many stretches before the window have more sentences than any model has room for."""
_AT_ONCE, _AT_LEISURE = 8, 200
"""How many messages are read for memories before a reply, and after one."""
_ADVISING = (Strategy.SUGGEST, Strategy.INFORM, Strategy.WEIGH)
_UNNOTICED = NoticedTurn((), None)
_TOO_LONG = "That was longer than I can read at once: I read its beginning and its end."
_NOTHING = "The model gave an empty answer. Ask again, or choose another model."


class Conversation:
    """A conversation that is kept. All methods raise ``StoreError``."""

    def __init__(self, mind: Mind, conversation_id: int) -> None:
        self._mind = mind
        self.id = conversation_id

    async def history(self, *, before: int | None = None, limit: int = 30) -> list[Message]:
        """Return messages of the active branch, oldest first, ending before a message."""
        return await asyncio.to_thread(
            self._mind.transcript.branch, self.id, before=before, limit=limit
        )

    async def draft(self) -> str:
        """Return what the user had typed but not sent."""
        return await asyncio.to_thread(self._mind.transcript.draft, self.id)

    async def save_draft(self, text: str) -> None:
        """Keep what the user has typed but not sent."""
        now = self._mind.clock.now()
        await asyncio.to_thread(self._mind.transcript.save_draft, self.id, text, now)

    async def take_turn(self, text: str) -> AsyncGenerator[TurnEvent, None]:
        """Keep what the user says, then answer it.

        Closing the iterator or cancelling the task stops the reply and keeps what
        came of it. A failure of the model is an event, not an error; raises
        ``CompanionError`` if there is nothing to say.
        """
        message = await self._keep(text, parent=await self._last())
        yield UserMessageSaved(message)
        async with aclosing(self._respond(message)) as events:
            async for event in events:
                yield event

    async def answer_again(self) -> AsyncGenerator[TurnEvent, None]:
        """Answer the user's last message once more, on a branch of its own."""
        message = await self._last_of_user()
        await asyncio.to_thread(self._mind.transcript.choose_head, self.id, message.id)
        async with aclosing(self._answer(message)) as events:
            async for event in events:
                yield event

    async def edit_last(self, text: str) -> AsyncGenerator[TurnEvent, None]:
        """Say the user's last message differently, on a branch of its own."""
        old = await self._last_of_user()
        await asyncio.to_thread(self._mind.memory.shelf.take_back, old.id)
        parent = old.parent_id
        previous = (
            await asyncio.to_thread(self._mind.transcript.message, parent) if parent else None
        )
        message = await self._keep(text, parent=previous)
        yield UserMessageSaved(message)
        async with aclosing(self._respond(message)) as events:
            async for event in events:
                yield event

    async def reflect(self) -> MoodEntry | None:
        """Think over the last turn, after the reply: keep what matters of it.

        Return the mood if it looks different now.

        May take as long as a reply and may be cancelled at any time. Raises ``StoreError``.
        """
        await catch_up(self._mind, _AT_LEISURE)
        await asyncio.to_thread(self._mind.recollection.learn)
        await asyncio.to_thread(sum_up_by_rules, self._mind, self.id)
        message = await self._last_of_user()
        return await refine_appraisal(self._mind, message)

    async def think(self) -> bool:
        """Let the model, where it is able, do one small job while nobody talks or types.

        Return whether it did one, and there may be more. May be cancelled at any time.
        Raises ``StoreError``.
        """
        return await think(self._mind, self.id)

    async def prefix(self) -> tuple[PromptMessage, ...]:
        """Return the part of the prompt that is the same in every turn."""
        mind = self._mind
        name = await asyncio.to_thread(mind.transcript.user_name, not_from=self.id)
        about_user = (f"You are talking with {name}." if name else "", mind.disclosure.about_user)
        return compose_prefix(
            *(mind.persona, mind.frame, mind.backend.profile), " ".join(filter(None, about_user))
        )

    async def prompt(self) -> Prompt:
        """Return the prompt for a reply to the last message of the active branch."""
        history = await asyncio.to_thread(
            leave_out_forgotten, self._mind, await self.history(limit=_WINDOW)
        )
        guidance = await asyncio.to_thread(self._last_guidance, history)
        shown = guidance.exemplars if guidance else ()
        thinking = self._mind.thinking
        summaries = await asyncio.to_thread(thinking.shelf.of_conversation, self.id, _STRETCHES)
        earlier = Earlier(thinking.earlier, summaries)
        profile = self._mind.backend.profile
        return compose_prompt(await self.prefix(), history, profile, shown, earlier)

    def _last_guidance(self, history: Sequence[Message]) -> Guidance | None:
        said = next((each for each in reversed(history) if each.role is Role.USER), None)
        return self._mind.moods.guidance(said.id) if said else None

    async def _last(self) -> Message | None:
        history = await self.history(limit=1)
        return history[0] if history else None

    async def _last_of_user(self) -> Message:
        for message in reversed(await self.history(limit=2)):
            if message.role is Role.USER:
                return message
        raise CompanionError("There is nothing of yours to go back to yet.")

    async def _keep(self, text: str, parent: Message | None) -> Message:
        text = make_harmless(text).strip()
        if not text:
            raise CompanionError("There is nothing to say in that message.")
        message = await asyncio.to_thread(
            self._mind.transcript.add_user_message,
            *(self.id, text, "", self._mind.clock.now()),
            parent_id=parent.id if parent else None,
        )
        name = notice_name(text)
        if name:
            await asyncio.to_thread(self._mind.transcript.keep_user_name, name, message.id)
        return message

    async def _respond(self, message: Message) -> AsyncGenerator[TurnEvent, None]:
        """Watch over a new message, notice how the user feels in it, and answer it."""
        watch = self._mind.watch
        async with aclosing(watch_over(watch, message)) as cards:
            async for card in cards:
                yield card
        stance = await asyncio.to_thread(watch.meet, message)
        await catch_up(self._mind, _AT_ONCE, before=message.id)
        grave = stance.screening.card
        answer = None if grave else await asyncio.to_thread(let_go, self._mind, message)
        if answer:
            yield ReplyStarted(answer, (), None)
            yield ReplyText(answer.text)
            yield ReplyEnded(answer)
            return
        frame = watch.book.frame(stance)
        noticed = await asyncio.to_thread(Guide(self._mind).notice, message, frame)
        yield MoodNoticed(noticed.entry, noticed.mood, noticed.guidance)
        if noticed.problem:
            yield Notice(noticed.problem)
        told = await asyncio.to_thread(self._mind.memory.shelf.used_for, message.id)
        if told:
            yield MemoriesTold(tuple(told))
        recalled = await asyncio.to_thread(self._mind.recollection.log.of_message, message.id)
        if recalled:
            yield CameToMind(tuple(recalled))
        async with aclosing(self._answer(noticed.message)) as events:
            async for event in events:
                yield event

    async def _answer(self, message: Message) -> AsyncGenerator[TurnEvent, None]:
        stance = await asyncio.to_thread(self._mind.watch.meet, message)
        prompt = await self.prompt()
        if prompt.clipped:
            yield Notice(_TOO_LONG)
        mind = self._mind
        written = WrittenWords(mind.watch.book, stance, message, mind.backend.profile)
        author = written.name_author(mind.backend.name, mind.backend.model)
        opening = asyncio.ensure_future(
            asyncio.to_thread(
                mind.transcript.begin_reply,
                *(message, *author, prompt.hash, mind.clock.now()),
            )
        )
        try:
            reply = await asyncio.shield(opening)
        except asyncio.CancelledError:
            # The thread cannot be stopped: what it opened has to be closed.
            ReplyDraft(mind.transcript, mind.clock, await opening).end(Status.STOPPED)
            raise
        draft = ReplyDraft(mind.transcript, mind.clock, reply)
        outlet = Outlet(mind.watch.book, stance, message, minor=mind.disclosure.minor)
        speaking = written.stand_by(self._speak(prompt, reply, draft, outlet), reply, draft)
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

    async def _speak(
        self, prompt: Prompt, reply: Message, draft: ReplyDraft, outlet: Outlet
    ) -> AsyncGenerator[TurnEvent, None]:
        backend = self._mind.backend
        async with aclosing(backend.prepare(await self.prefix())) as steps:
            async for step in steps:
                yield step
        wait = await asyncio.to_thread(
            self._mind.transcript.usual_wait, backend.name, backend.model
        )
        draft.start()
        yield ReplyStarted(reply, prompt.messages, wait)
        async with aclosing(self._listen(prompt, outlet)) as parts:
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

    async def _listen(self, prompt: Prompt, outlet: Outlet) -> AsyncGenerator[ReplyPart, None]:
        """Yield what the model says and may be said; a small one is kept to her manners."""
        mind, asked = self._mind, outlet.message.id
        turn = (await asyncio.to_thread(mind.moods.noticed, [asked])).get(asked, _UNNOTICED)
        profile, guidance = mind.backend.profile, turn.guidance
        begin = mind.guidebook.begin(guidance, profile, outlet.message) if guidance else ""
        if begin:
            willing = go_on_from(mind.backend, prompt.messages, begin)
        else:
            direction = find_direction(turn.entries)
            willing = stream_willingly(mind.backend, prompt.messages, direction)
        minded = bool(profile.second_opening)
        advises = guidance is not None and guidance.strategy in _ADVISING
        borrowed = find_borrowed(prompt.messages, prompt.examples) if minded else frozenset()
        async with aclosing(willing) as parts:
            polite = mind_manners(parts, advises=advises, borrowed=borrowed) if minded else parts
            async for part in screen_reply(polite, outlet):
                yield part
