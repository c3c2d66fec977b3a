"""Telling all that is kept about a turn, for a session file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from companion.conversation.mind import Mind
from companion.conversation.prompter import write_prompt
from companion.conversation.session_book import moment
from companion.conversation.window import describe_user
from companion.domain.message import Message, PromptMessage, Role, Status
from companion.domain.model import ModelProfile
from companion.domain.mood import MoodEntry
from companion.domain.records import ExemplarRecord
from companion.domain.session import (
    GreetingLine,
    GuidanceLine,
    MemoriesLine,
    MoodLine,
    PromptLine,
    Quoted,
    RecalledLine,
    ReplyLine,
    SaidLine,
    ScreenedLine,
    SessionTurn,
)
from companion.prompting.budget import estimate_tokens
from companion.prompting.compose import compose_prefix

_Status = Literal["complete", "stopped", "failed", "interrupted"]
_STATUSES: dict[Status, _Status] = {
    Status.COMPLETE: "complete",
    Status.STOPPED: "stopped",
    Status.FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class Recorder:
    """Reads turns out of what is kept. ``profile_of`` tells that of the model of a reply.

    With ``whole_prompts`` the text of each prompt is told, too, where composing it again
    gives what its hash says. All of it blocks; raises ``StoreError``.
    """

    mind: Mind
    profile_of: Callable[[Message], ModelProfile]
    whole_prompts: bool = True

    def record_turns(self, branch: Sequence[Message]) -> tuple[SessionTurn, ...]:
        """Return the turns of a branch, from its first message on."""
        places = [place for place, each in enumerate(branch) if each.role is Role.USER]
        return tuple(
            self.record_turn(number, branch[: place + 1], _reply_at(branch, place + 1))
            for number, place in enumerate(places, 1)
        )

    def record_turn(
        self, number: int, history: Sequence[Message], reply: Message | None
    ) -> SessionTurn:
        """Return one turn; ``history`` ends with what the user said in it."""
        said, mind = history[-1], self.mind
        asked = reply if reply and reply.prompt_hash else None
        messages = self._compose(history, asked) if asked and self.whole_prompts else None
        return SessionTurn(
            SaidLine(turn=number, id=said.id, at=moment(said.created_at), text=said.text),
            _find_screened(mind, number, said.id),
            tuple(to_mood_line(number, each) for each in mind.moods.of_message(said.id)),
            _find_guidance(mind, number, said.id),
            _find_memories(mind, number, said.id),
            _find_recalled(mind, number, said.id),
            _to_prompt_line(number, said.note, asked.prompt_hash, messages) if asked else None,
            self._to_reply_line(number, reply) if reply else None,
            messages,
        )

    def _compose(
        self, history: Sequence[Message], reply: Message
    ) -> tuple[PromptMessage, ...] | None:
        """Return the prompt of a reply, or nothing where it cannot be told any more."""
        mind, profile = self.mind, self.profile_of(reply)
        guidance = mind.moods.guidance(history[-1].id)
        name = mind.transcript.user_name(not_from=reply.conversation_id)
        age = mind.disclosure.about_user
        tries = dict.fromkeys(describe_user(each, age) for each in (name, None))
        compose = partial(compose_prefix, mind.persona, mind.frame, profile)
        for about in tries:
            prompt = write_prompt(mind, history, guidance, profile, compose(about))
            if prompt.hash == reply.prompt_hash:
                return prompt.messages
        return None

    def _to_reply_line(self, number: int, reply: Message) -> ReplyLine:
        timings = reply.timings
        return ReplyLine(
            turn=number,
            id=reply.id,
            at=moment(reply.created_at),
            ended_at=moment(reply.ended_at) if reply.ended_at else None,
            text=reply.text,
            status=_STATUSES.get(reply.status, "interrupted"),
            error=reply.error,
            backend=reply.backend or "",
            model=reply.model or "",
            first_token=timings.first_token,
            total=timings.total,
            prompt_tokens=timings.prompt_tokens,
            reply_tokens=timings.reply_tokens,
            chunks=tuple(
                (each.seconds, each.characters) for each in self.mind.transcript.chunks(reply.id)
            ),
        )


def _find_screened(mind: Mind, number: int, message_id: int) -> ScreenedLine | None:
    found, aside = mind.watch.log.of_message(message_id), mind.watch.log.put_aside_at(message_id)
    if not found.tier:
        return None
    return ScreenedLine(
        turn=number,
        tier=found.tier,
        category=found.category.value,
        evidence=found.evidence,
        put_aside_at=moment(aside) if aside else None,
    )


def _find_guidance(mind: Mind, number: int, message_id: int) -> GuidanceLine | None:
    guidance = mind.moods.guidance(message_id)
    if guidance is None:
        return None
    return GuidanceLine(
        turn=number,
        strategy=guidance.strategy.value,
        stage=guidance.stage.value,
        reason=guidance.reason,
        mood=guidance.mood,
        exemplars=tuple(
            ExemplarRecord(feeling=e.feeling, strategy=e.strategy, user=e.user, reply=e.reply)
            for e in guidance.exemplars
        ),
        unsure=guidance.unsure,
    )


def _find_memories(mind: Mind, number: int, message_id: int) -> MemoriesLine | None:
    told = mind.memory.shelf.used_for(message_id)
    return MemoriesLine(turn=number, texts=tuple(each.text for each in told)) if told else None


def _find_recalled(mind: Mind, number: int, message_id: int) -> RecalledLine | None:
    quotes = tuple(
        Quoted(at=moment(each.at), speaker=each.speaker, text=each.text)
        for each in mind.recollection.log.of_message(message_id)
    )
    return RecalledLine(turn=number, quotes=quotes) if quotes else None


def _to_prompt_line(
    number: int, note: str, digest: str, messages: tuple[PromptMessage, ...] | None
) -> PromptLine:
    tokens = sum(estimate_tokens(m.content) for m in messages) if messages else None
    return PromptLine(turn=number, hash=digest, note=note, tokens=tokens)


def to_greeting_line(message: Message) -> GreetingLine:
    """Return her first words as a line."""
    return GreetingLine(
        id=message.id, at=moment(message.created_at), text=message.text, note=message.note
    )


def to_mood_line(number: int, entry: MoodEntry) -> MoodLine:
    """Return an appraisal as a line of a turn."""
    seen = entry.appraisal
    return MoodLine(
        turn=number,
        source=entry.source.value,
        labels=seen.labels,
        emotions=dict(seen.emotions),
        valence=seen.affect.valence,
        arousal=seen.affect.arousal,
        dominance=seen.affect.dominance,
        intensity=seen.intensity,
        confidence=seen.confidence,
        evidence=seen.evidence,
        known=seen.known,
        word=seen.word,
    )


def _reply_at(branch: Sequence[Message], place: int) -> Message | None:
    reply = branch[place] if place < len(branch) else None
    return reply if reply and reply.role is Role.ASSISTANT else None
