"""Playing a session: the same words, at the same times, in a database of its own."""

from asyncio import to_thread
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Protocol

from companion.conversation.engine import Conversation
from companion.conversation.recorder import Recorder
from companion.domain.message import Message, PromptMessage, Role, Status, Timings
from companion.domain.mood import Affect, Appraisal, Source
from companion.domain.session import MoodLine, ReplyLine, Session, SessionTurn
from companion.domain.turn_events import (
    MoodNoticed,
    ReplyEnded,
    ReplyStarted,
    ReplyText,
    TurnEvent,
    UserMessageSaved,
)
from companion.library import Stage


class SettableClock(Protocol):
    """A clock that is told what time it is."""

    def set(self, moment: str) -> None:
        """Let it be a moment in UTC, as it stands in a file."""
        ...


class Cast(Protocol):
    """Who answers, and what then holds as having been said."""

    def expect(self, reply: ReplyLine | None) -> None:
        """Learn what was answered to the next message when it was recorded."""
        ...

    def stops(self, shown: str) -> bool:
        """Tell whether the user stops her now that this was shown."""
        ...


@dataclass(slots=True)
class Player:
    """Plays one session on a stage. ``restored`` says that the recorded reply, and not the
    one that was given now, is what the next turn sees.
    """

    session: Session
    stage: Stage
    clock: SettableClock
    cast: Cast
    restored: bool = False
    _put_aside: list[str] = field(default_factory=list)

    async def play(self) -> AsyncGenerator[SessionTurn, None]:
        """Yield each turn as it went now. Raises ``StoreError``."""
        conversation = await to_thread(self._begin)
        for turn in self.session.turns:
            yield await self._play_turn(conversation, turn)

    def _begin(self) -> Conversation:
        mind, greeting = self.stage.mind, self.session.greeting
        self.clock.set(greeting.at if greeting else self.session.turns[0].said.at)
        now = mind.clock.now()
        record = mind.transcript.create_conversation(mind.persona.id, now)
        if greeting:
            self.stage.number_next_message(greeting.id)
            mind.transcript.add_greeting(record.id, greeting.text, greeting.note, now)
        return Conversation(mind, record.id)

    async def _play_turn(self, conversation: Conversation, turn: SessionTurn) -> SessionTurn:
        self.clock.set(turn.said.at)
        await to_thread(self._prepare, turn)
        self.cast.expect(turn.reply)
        scene = _Scene(self, turn)
        async with aclosing(conversation.take_turn(turn.said.text)) as events:
            async for event in events:
                scene.see(event)
                if scene.over:
                    break
        return await self._finish(conversation, turn, scene)

    def _prepare(self, turn: SessionTurn) -> None:
        """Put a card aside that was put aside by now, and keep the number of the message."""
        due = [at for at in self._put_aside if at <= turn.said.at]
        if due:
            self.clock.set(max(due))
            self.stage.mind.watch.log.put_card_aside(self.stage.mind.clock.now())
            self.clock.set(turn.said.at)
            self._put_aside = [at for at in self._put_aside if at > turn.said.at]
        if turn.screened and turn.screened.put_aside_at:
            self._put_aside.append(turn.screened.put_aside_at)
        self.stage.number_next_message(turn.said.id)

    async def _finish(
        self, conversation: Conversation, turn: SessionTurn, scene: "_Scene"
    ) -> SessionTurn:
        assert scene.said
        reply = scene.reply or await self._last_reply(conversation)
        played = await to_thread(self._record, turn, scene.said, reply, scene.prompt)
        if self.restored and turn.reply:
            await to_thread(self._restore, scene.said, turn.reply)
        await to_thread(self._add_judgements, turn, played)
        await conversation.reflect()
        return played

    async def _last_reply(self, conversation: Conversation) -> Message | None:
        last = (await conversation.history(limit=1))[-1]
        return last if last.role is Role.ASSISTANT else None

    def _record(
        self,
        turn: SessionTurn,
        said: Message,
        reply: Message | None,
        prompt: tuple[PromptMessage, ...],
    ) -> SessionTurn:
        mind = self.stage.mind
        recorder = Recorder(mind, lambda _: mind.backend.profile, whole_prompts=False)
        kept = mind.transcript.message(said.id)
        played = recorder.record_turn(turn.number, [kept], reply)
        return replace(played, messages=prompt or None)

    def _restore(self, said: Message, reply: ReplyLine) -> None:
        """Let the recorded reply be what was said, and the one that came now a branch."""
        transcript = self.stage.mind.transcript
        transcript.choose_head(said.conversation_id, said.id)
        self.clock.set(reply.at)
        opened = transcript.begin_reply(
            said, reply.backend, reply.model, "", self.stage.mind.clock.now()
        )
        self.clock.set(reply.ended_at or reply.at)
        transcript.end_reply(
            *(opened.id, reply.text, Status(reply.status), Timings()),
            *(self.stage.mind.clock.now(), reply.error),
        )

    def _add_judgements(self, turn: SessionTurn, played: SessionTurn) -> None:
        """Add what a language model judged then, and what the user said of it by hand."""
        own = {line.word for line in played.moods if line.source == "user"}
        for line in turn.moods:
            by_hand = line.source == "user" and line.word not in own
            if line.source == "llm" or (by_hand and not _says(turn.said.text, line.word)):
                self.stage.mind.moods.add(
                    to_appraisal(line),
                    Source(line.source),
                    self.stage.mind.transcript.message(played.said.id).created_at,
                    message_id=played.said.id,
                )


class _Scene:
    """What is seen of one turn while it is played."""

    def __init__(self, player: Player, turn: SessionTurn) -> None:
        self._player = player
        self._turn = turn
        self._shown = ""
        self.said: Message | None = None
        self.reply: Message | None = None
        self.prompt: tuple[PromptMessage, ...] = ()
        self.over = False

    def see(self, event: TurnEvent) -> None:
        """Take in what happens, and let the time be that at which it happened."""
        reply = self._turn.reply
        match event:
            case UserMessageSaved():
                self.said = event.message
                if reply:
                    self._player.stage.number_next_message(reply.id)
            case MoodNoticed() if reply:
                self._player.clock.set(reply.at)
            case ReplyStarted():
                self.prompt = event.prompt
                self.over = self._player.cast.stops(self._shown)
            case ReplyText():
                self._shown += event.text
                self.over = self._player.cast.stops(self._shown)
            case ReplyEnded():
                self.reply = event.message


def to_appraisal(line: MoodLine) -> Appraisal:
    """Return the appraisal in a line."""
    return Appraisal(
        emotions=line.emotions,
        labels=line.labels,
        affect=Affect(line.valence, line.arousal, line.dominance),
        intensity=line.intensity,
        confidence=line.confidence,
        evidence=line.evidence,
        known=line.known,
        word=line.word,
    )


def _says(text: str, word: str) -> bool:
    return bool(word) and word.lower() in text.lower()
