"""Playing a session with the recorded replies in the place of the model."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace

from companion.assembly import open_stage, read_prompts
from companion.domain.disclosure import AgeGroup
from companion.domain.session import HeaderLine, Session, SessionSettings, SessionTurn
from companion.installation import Installation, read_installation
from companion.library import Library
from companion.mood.version import hash_mood_model
from companion.prompting.files import hash_prompts
from companion.replay.clock import FileClock
from companion.replay.folders import open_folder
from companion.replay.player import Player
from companion.replay.stand_in import StandIn


@dataclass(slots=True)
class Theatre:
    """Where sessions are played: an installation, and what is read of it once.

    ``persona`` takes the place of that of the sessions.
    """

    installation: Installation
    persona: str = ""
    library: Library | None = None

    def prepare(self, header: HeaderLine) -> tuple[Installation, Library]:
        """Return the installation with the settings of a session, and its prompts.

        Raises ``PromptError``.
        """
        persona = self.persona or header.persona or self.installation.settings.persona
        if self.library is None or self.library.persona.id != persona:
            fresh = read_prompts(self.installation, persona)
            if self.library:
                fresh = replace(fresh, reader=self.library.reader, screen=self.library.screen)
            self.library = fresh
        settings, kept = self.installation.settings, header.settings
        changes = {
            "chat": settings.chat.model_copy(update={"follow_ups": kept.follow_ups}),
            "memory": settings.memory.model_copy(update={"encoder": kept.encoder}),
            "safety": settings.safety.model_copy(update={"country": "", "age": _find_age(kept)}),
        }
        settings = settings.model_copy(update=changes)
        return replace(self.installation, settings=settings), self.library


def _find_age(kept: SessionSettings) -> AgeGroup:
    return AgeGroup.MINOR if kept.minor else AgeGroup.UNASKED


async def play_recorded(theatre: Theatre, session: Session) -> AsyncGenerator[SessionTurn, None]:
    """Yield each turn of a session as it goes now, with what the model said then.

    Raises ``CompanionError``.
    """
    if not session.turns:
        return
    installation, library = theatre.prepare(session.header)
    clock = FileClock(session.header.zone)
    stand_in = StandIn(session, clock)
    with open_folder(installation.locations.replays) as folder:
        stage = open_stage(installation, library, folder, stand_in, clock, session.past)
        try:
            stage.mind.recollection.learn_all()
            # What a language model judged then is in the file.
            stage.mind.appraise_prompt = ""
            async for turn in Player(session, stage, clock, stand_in).play():
                yield turn
        finally:
            stage.close()


def compute(session: Session, theatre: Theatre | None = None) -> Session:
    """Return a session of which only the words are known with all the rest, as it is now.

    Raises ``CompanionError``.
    """
    theatre = theatre or Theatre(read_installation())

    async def play() -> tuple[SessionTurn, ...]:
        return tuple([turn async for turn in play_recorded(theatre, session)])

    turns = asyncio.run(play())
    assert theatre.library
    persona = theatre.library.persona.id
    header = session.header.model_copy(
        update={
            "bare": False,
            "persona": persona,
            "prompts": hash_prompts(theatre.installation.prompts, persona),
            "mood_model": hash_mood_model(),
        }
    )
    return replace(session, header=header, past=session.past, turns=turns)
