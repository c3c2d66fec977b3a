"""Noticing how the user feels in a message, and deciding what guides the reply."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from companion.conversation.mind import Mind
from companion.conversation.when import describe_moment
from companion.domain.guidance import Exemplar, Guidance, Stage, Strategy
from companion.domain.message import Message, Role
from companion.domain.mood import Appraisal, Mood, MoodEntry, Sentiment, Source
from companion.mood.correction import find_denied, find_own_word
from companion.mood.family import find_counting
from companion.mood.strategy import Turn, choose_guidance, do_fit
from companion.mood.wording import describe_for_model
from companion.prompting.budget import clip_middle, estimate_tokens
from companion.prompting.compose import compose_prefix

_RECENT = 24
_LITTLE_SAID = 6
_ONE_TALK = timedelta(hours=1)
_IN_DANGER = "there may be danger, which prompts/crisis.md is for"


@dataclass(frozen=True, slots=True)
class Noticed:
    """What was noticed in a message, and the message with the note that tells of it.

    ``problem`` is what keeps moods from being read, the first time that it does.
    """

    message: Message
    entry: MoodEntry
    mood: Mood
    guidance: Guidance
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a message shows, and what the user says there to be so, and not to be so."""

    seen: Appraisal
    own: Appraisal | None = None
    denied: Appraisal | None = None


class Guide:
    """Appraises a message, keeps what it found, and guides the reply. All of it blocks."""

    def __init__(self, mind: Mind) -> None:
        self._mind = mind

    def notice(self, message: Message, history: Sequence[Message], frame: str = "") -> Noticed:
        """Appraise a message of the user; keep appraisal, guidance and note, all or none.

        ``history`` is what was said before it, oldest first. Where there is danger,
        ``frame`` alone is what she is told.
        """
        before = history[-_RECENT:]
        judged = self._judge(message, before)
        with self._mind.moods.together():
            entry = self._keep(message, before, judged)
            mood = self._mind.following.look(self._mind.clock.now())
            turns = self._look_back(before)
            if frame:
                guidance, note = Guidance(Strategy.REFLECT, Stage.EXPLORE, _IN_DANGER), frame
            else:
                guidance = self._decide(message, before, entry, mood, turns)
                hurts = entry.appraisal.sentiment in (Sentiment.NEGATIVE, Sentiment.MIXED)
                note = self._write_note(message, history, guidance, turns, hurts=hurts)
            self._mind.transcript.keep_note(message.id, note)
            self._mind.moods.keep_guidance(message.id, guidance)
        problem = self._mind.reader.problem
        new = problem not in self._mind.told
        self._mind.told.add(problem)
        return Noticed(replace(message, note=note), entry, mood, guidance, problem if new else "")

    def _judge(self, message: Message, before: Sequence[Message]) -> _Judged:
        """Return what the mood model sees, and over it what the user says of themselves."""
        reader = self._mind.reader
        context = before[-1].text if before and before[-1].role is Role.ASSISTANT else ""
        seen, said = reader.appraise(message.text, context), find_own_word(message.text)
        own = reader.appraise_word(said.word) if said else None
        denied = reader.appraise_word(said.denied) if said and said.denied else None
        if own is None or not own.known:
            return _Judged(seen)
        return _Judged(seen, own, denied if denied and denied.known else None)

    def _keep(self, message: Message, before: Sequence[Message], judged: _Judged) -> MoodEntry:
        at, moods = message.created_at, self._mind.moods
        entry = moods.add(judged.seen, Source.MODEL, at, message_id=message.id)
        if judged.own is None:
            return entry
        corrected = self._find_corrected(message, before, judged)
        if corrected:
            moods.add(judged.own, Source.USER, corrected.created_at, message_id=corrected.id)
        return moods.add(judged.own, Source.USER, at, message_id=message.id)

    def _decide(
        self,
        message: Message,
        before: Sequence[Message],
        entry: MoodEntry,
        mood: Mood,
        turns: Sequence[Turn],
    ) -> Guidance:
        guidance = choose_guidance(message.text, entry.appraisal, mood, turns)
        brief = self._mind.backend.profile.brief
        return replace(
            guidance,
            mood=describe_for_model(entry.appraisal, mood, brief=brief),
            exemplars=self._show(message, before, entry, guidance, turns),
        )

    def _find_corrected(
        self, message: Message, before: Sequence[Message], judged: _Judged
    ) -> Message | None:
        """Return the message whose appraisal is put right, if there is one.

        "I'm not hungry, just tired" three days after a death puts nothing right.
        """
        if judged.denied is None:
            return None
        talk = {
            each.id: each
            for each in before
            if each.role is Role.USER and message.created_at - each.created_at <= _ONE_TALK
        }
        noticed = self._mind.moods.noticed(talk)
        recent = {
            key: find_counting(noticed[key].entries).appraisal for key in talk if key in noticed
        }
        found = find_denied(judged.denied, recent)
        return talk[found] if found is not None else None

    def _look_back(self, before: Sequence[Message]) -> list[Turn]:
        said = [message.id for message in before if message.role is Role.USER]
        noticed = self._mind.moods.noticed(said)
        return [
            Turn(find_counting(turn.entries).appraisal, turn.guidance)
            for turn in (noticed[each] for each in said if each in noticed)
        ]

    def _show(
        self,
        message: Message,
        before: Sequence[Message],
        entry: MoodEntry,
        guidance: Guidance,
        turns: Sequence[Turn],
    ) -> tuple[Exemplar, ...]:
        """Choose exemplars anew where those shown no longer fit, and that costs little.

        They stand before all that was said: another choice makes the model read the
        conversation again, which takes longer the more was said. After a long pause a
        slow first word is forgiven, or the model was started anew and reads it anyway.
        """
        last = turns[-1].guidance if turns else None
        shown = last.exemplars if last else ()
        profile = self._mind.backend.profile
        rested = not before or message.created_at - before[-1].created_at >= _ONE_TALK
        dear = message.depth > _LITTLE_SAID and not rested
        fitting = shown and do_fit(shown, entry.appraisal, guidance.strategy)
        if fitting or (turns and dear):
            return shown[: profile.exemplars]
        return self._mind.guidebook.show(message.text, entry.appraisal, guidance, profile)

    def _write_note(
        self,
        message: Message,
        history: Sequence[Message],
        guidance: Guidance,
        turns: Sequence[Turn],
        *,
        hurts: bool,
    ) -> str:
        """Return what is told with the message; a mood that goes on is not told again."""
        mind = self._mind
        previous = turns[-1].guidance if turns else None
        told = previous.mood if previous else ""
        zone = mind.clock.now().tzinfo
        last = history[-1].created_at.astimezone(zone) if history else None
        now, profile = message.created_at.astimezone(zone), mind.backend.profile
        parts = {
            "when": describe_moment(now, last, message.text),
            "mood": "" if guidance.mood == told else guidance.mood,
            "strategy": mind.guidebook.instruct(guidance, profile),
        }
        room = profile.note_tokens
        left = room - estimate_tokens(mind.frame.fill_changing(**parts))
        may_ask = bool(parts["when"]) and not hurts and "?" not in message.text
        memories = mind.memory.tell(message, history, now, min(left, room // 2), may_ask=may_ask)
        prefix = compose_prefix(mind.persona, mind.frame, profile, "")
        recalled = mind.recollection.tell(message, history, now, profile, prefix)
        note = mind.frame.fill_changing(memories=memories, recalled=recalled, **parts)
        return clip_middle(note, room + profile.recall_tokens) if room else ""
