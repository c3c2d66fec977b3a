"""Words that were written beforehand, for when somebody is in danger."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from companion.conversation.reply_draft import ReplyDraft
from companion.domain.care import Stance
from companion.domain.errors import CompanionError
from companion.domain.message import Message
from companion.domain.model import ModelProfile
from companion.domain.turn_events import (
    Notice,
    ReplyRestarted,
    ReplyStarted,
    ReplyText,
    TurnEvent,
)
from companion.prompting.crisis import CrisisBook

_AUTHOR = ("written", "crisis_words.toml")
_SPOKEN_FOR = "These words were written beforehand."


@dataclass(frozen=True, slots=True)
class WrittenWords:
    """The words for one message, and when they are the reply.

    A small model is not trusted with somebody in danger until the card is put aside: ours
    answered "nobody would even notice" with "do you think they would notice if you were
    gone?". Any model may fail, and then nobody is left without an answer.
    """

    book: CrisisBook
    stance: Stance
    message: Message
    profile: ModelProfile

    @property
    def alone(self) -> bool:
        """Whether no model is asked."""
        stance = self.stance
        goes_on = stance.ongoing and stance.card_open
        return self.profile.brief and (stance.screening.card or goes_on)

    def name_author(self, backend: str, model: str) -> tuple[str, str]:
        """Return who is kept as the author of the reply: a backend and its model."""
        return _AUTHOR if self.alone else (backend, model)

    async def stand_by(
        self, speaking: AsyncGenerator[TurnEvent, None], reply: Message, draft: ReplyDraft
    ) -> AsyncGenerator[TurnEvent, None]:
        """Yield a turn's ``speaking``; where it fails in a crisis, say the words instead.

        Raises what ``speaking`` raises where there is no crisis.
        """
        started, problem = False, ""
        if not self.alone:
            try:
                async with aclosing(speaking) as events:
                    async for event in events:
                        started = started or isinstance(event, ReplyStarted)
                        yield event
            except CompanionError as error:
                if not self.stance.crisis:
                    raise
                problem = str(error)
            if draft.text.strip() and not problem:
                return
        if self.stance.crisis:
            yield ReplyRestarted(_SPOKEN_FOR) if started else ReplyStarted(reply, (), None)
            if problem:
                yield Notice(problem)
            yield ReplyText(draft.put(self.book.say(self.stance, self.message.id)))
