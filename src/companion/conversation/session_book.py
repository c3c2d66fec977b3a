"""Conversations as sessions that can be replayed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from companion.conversation.mind import Mind
from companion.domain.errors import CompanionError, SessionError
from companion.domain.message import ConversationSummary, Message, Role
from companion.domain.model import ModelProfile
from companion.mood.version import hash_mood_model
from companion.prompting.files import hash_prompts
from companion.prompting.personas import load_persona

if TYPE_CHECKING:
    from companion.domain.records import Record
    from companion.domain.session import HeaderLine, Session, SessionMind

_NOTHING_SAID = "Nothing was said in conversation {id} yet. companion history lists the others."


@dataclass(frozen=True, slots=True)
class SessionBook:
    """Makes a session of a conversation.

    ``past`` returns what was known before the first message of a conversation, which was
    said at a moment in UTC. ``profile_of`` tells how a model, by the names of its backend
    and its own, likes to be spoken to. ``prompts`` are the folders of prompt files;
    ``follow_ups``, ``encoder`` and ``refine`` are the settings that shape a prompt.
    """

    mind: Mind
    past: "Callable[[Message, str], tuple[Record, ...]]"
    prompts: Sequence[Path]
    profile_of: Callable[[str, str], ModelProfile]
    follow_ups: bool
    encoder: bool
    refine: bool

    def session(self, conversation_id: int, *, with_past: bool = True) -> "Session":
        """Return the branch of a conversation that is shown, with what was recorded.

        Blocks; raises ``StoreError``, or ``SessionError`` where the user has said nothing.
        """
        from companion.conversation.recorder import Recorder, to_greeting_line
        from companion.domain.session import Session

        about = self.mind.transcript.conversation(conversation_id)
        branch = self.mind.transcript.branch(conversation_id)
        if not any(message.role is Role.USER for message in branch):
            raise SessionError(_NOTHING_SAID.format(id=conversation_id))
        mind = replace(self.mind, persona=load_persona(self.prompts, about.persona))
        greets = branch[0].role is Role.ASSISTANT
        return Session(
            self._write_header(about, branch),
            self.past(branch[0], moment(branch[0].created_at)) if with_past else (),
            to_greeting_line(branch[0]) if greets else None,
            Recorder(mind, self._find_profile).record_turns(branch),
        )

    def _write_header(self, about: ConversationSummary, branch: Sequence[Message]) -> "HeaderLine":
        from companion import __version__
        from companion.domain.session import HeaderLine, SessionSettings

        now = self.mind.clock.now()
        return HeaderLine(
            program=__version__,
            exported_at=moment(now),
            title=about.title,
            persona=about.persona,
            zone=name_zone(now.tzinfo, now),
            minds=self._list_minds(branch),
            settings=SessionSettings(
                follow_ups=self.follow_ups,
                encoder=self.encoder,
                refine=self.refine,
                minor=self.mind.disclosure.minor,
            ),
            prompts=hash_prompts(self.prompts, about.persona),
            mood_model=hash_mood_model(),
        )

    def _list_minds(self, branch: Sequence[Message]) -> "tuple[SessionMind, ...]":
        from companion.domain.session import SessionMind, SessionProfile

        minds = {}
        for each in branch:
            if each.prompt_hash and each.backend and each.model:
                profile = self._find_profile(each)
                kept = {name: getattr(profile, name) for name in SessionProfile.model_fields}
                minds[each.backend, each.model] = SessionMind(
                    backend=each.backend, model=each.model, profile=SessionProfile(**kept)
                )
        return tuple(minds.values())

    def _find_profile(self, reply: Message) -> ModelProfile:
        """Return the profile of the model of a reply; words written beforehand have none."""
        try:
            return self.profile_of(reply.backend or "", reply.model or "")
        except CompanionError:
            return self.mind.backend.profile


def moment(at: datetime) -> str:
    """Return a time as it stands in a session file."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def name_zone(zone: tzinfo | None, now: datetime) -> str:
    """Return the IANA name of a time zone, or its offset now where it has none."""
    return str(getattr(zone, "key", "")) or now.strftime("%z")
