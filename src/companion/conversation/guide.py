"""Noticing how the user feels in a message, and deciding what guides the reply."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from companion.conversation.mind import Mind
from companion.conversation.when import describe_moment
from companion.domain.guidance import Exemplar, Guidance, Stage, Strategy
from companion.domain.message import Message, Role
from companion.domain.mood import Mood, MoodEntry, Source
from companion.mood.correction import OwnWord, find_own_word
from companion.mood.drift import MEMORY, follow_mood
from companion.mood.family import find_counting
from companion.mood.strategy import Turn, choose_guidance
from companion.mood.wording import describe_for_model
from companion.prompting.budget import clip_middle

_RECENT = 24
_LITTLE_SAID = 6
_ONE_TALK = timedelta(hours=1)
_IN_DANGER = "because there may be danger, which prompts/crisis.md is for"


@dataclass(frozen=True, slots=True)
class Noticed:
    """What was noticed in a message, and the message with the note that tells of it."""

    message: Message
    entry: MoodEntry
    mood: Mood
    guidance: Guidance


class Guide:
    """Appraises a message, keeps what it found, and guides the reply. All of it blocks."""

    def __init__(self, mind: Mind) -> None:
        self._mind = mind

    def notice(self, message: Message, frame: str = "") -> Noticed:
        """Appraise a message of the user and keep appraisal, guidance and note.

        Where there is danger, ``frame`` alone is what she is told.
        """
        before = self._mind.transcript.branch(
            message.conversation_id, before=message.id, limit=_RECENT
        )
        entry = self._appraise(message, before)
        now = self._mind.clock.now()
        mood = follow_mood(self._mind.moods.entries(now - MEMORY), now)
        turns = self._look_back(before)
        guidance = choose_guidance(message.text, entry.appraisal, mood, turns)
        if frame:
            guidance, note = Guidance(Strategy.REFLECT, Stage.EXPLORE, _IN_DANGER), frame
        else:
            profile = self._mind.backend.profile
            guidance = replace(
                guidance,
                mood=describe_for_model(entry.appraisal, mood, brief=profile.brief),
                exemplars=self._show(message, entry, guidance, turns),
            )
            note = self._write_note(message, before, guidance, turns)
        self._mind.transcript.keep_note(message.id, note)
        self._mind.moods.keep_guidance(message.id, guidance)
        return Noticed(replace(message, note=note), entry, mood, guidance)

    def _appraise(self, message: Message, before: Sequence[Message]) -> MoodEntry:
        """Keep what the mood model sees, and over it what the user says of themselves."""
        context = before[-1].text if before and before[-1].role is Role.ASSISTANT else ""
        seen = self._mind.reader.appraise(message.text, context)
        at, moods = message.created_at, self._mind.moods
        entry = moods.add(seen, Source.MODEL, at, message_id=message.id)
        said = find_own_word(message.text)
        own = self._mind.reader.appraise_word(said.word) if said else None
        if said is None or own is None or not own.known:
            return entry
        corrected = self._find_corrected(message, before, said)
        if corrected:
            moods.add(own, Source.USER, corrected.created_at, message_id=corrected.id)
        return moods.add(own, Source.USER, at, message_id=message.id)

    def _find_corrected(
        self, message: Message, before: Sequence[Message], said: OwnWord
    ) -> Message | None:
        """Return the message whose appraisal is put right, if it is.

        "I'm not hungry, just tired" three days after a death puts nothing right.
        """
        last = next((each for each in reversed(before) if each.role is Role.USER), None)
        if last is None or message.created_at - last.created_at > _ONE_TALK:
            return None
        denied = said.denied and self._mind.reader.appraise_word(said.denied).known
        return last if denied and self._mind.moods.of_message(last.id) else None

    def _look_back(self, before: Sequence[Message]) -> list[Turn]:
        turns = []
        for message in before:
            entries = self._mind.moods.of_message(message.id) if message.role is Role.USER else []
            if entries:
                appraisal = find_counting(entries).appraisal
                turns.append(Turn(appraisal, self._mind.moods.guidance(message.id)))
        return turns

    def _show(
        self, message: Message, entry: MoodEntry, guidance: Guidance, turns: Sequence[Turn]
    ) -> tuple[Exemplar, ...]:
        """Choose exemplars anew only early on: they stand before all that was said.

        Another choice makes the model read the conversation again, which takes longer
        the more was said.
        """
        last = turns[-1] if turns else None
        shown = last.guidance.exemplars if last and last.guidance else ()
        same = last and last.appraisal.sentiment is entry.appraisal.sentiment
        profile = self._mind.backend.profile
        if shown and (same or message.depth > _LITTLE_SAID):
            return shown[: profile.exemplars]
        return self._mind.guidebook.show(message.text, entry.appraisal, guidance, profile)

    def _write_note(
        self,
        message: Message,
        before: Sequence[Message],
        guidance: Guidance,
        turns: Sequence[Turn],
    ) -> str:
        """Return what is told with the message; a mood that goes on is not told again."""
        mind = self._mind
        previous = turns[-1].guidance if turns else None
        told = previous.mood if previous else ""
        zone = mind.clock.now().tzinfo
        last = before[-1].created_at.astimezone(zone) if before else None
        note = mind.frame.fill_changing(
            when=describe_moment(message.created_at.astimezone(zone), last),
            mood="" if guidance.mood == told else guidance.mood,
            strategy=mind.guidebook.instruct(guidance, mind.backend.profile),
        )
        room = mind.backend.profile.note_tokens
        return clip_middle(note, room) if room else ""
