from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from companion.conversation.companion import Companion
from companion.conversation.engine import Conversation
from companion.conversation.mind import Mind
from companion.conversation.remembering import Remembering
from companion.domain.guidance import Exemplar, Strategy
from companion.domain.persona import Example, Greetings, Persona
from companion.prompting.exemplars import ExemplarBank
from companion.prompting.frame import ReplyFrame
from companion.prompting.guidebook import Guidebook
from companion.prompting.memory_words import load_memory_words
from companion.prompting.strategies import StrategyWords
from companion.store.database import Store
from companion.store.follow_ups import SqliteFollowUps
from companion.store.memories import SqliteMemoryShelf
from companion.store.mood_log import SqliteMoodLog
from companion.store.transcript import SqliteTranscript
from fakes import FakeClock, ObedientBackend, ObedientReader

PROMPTS = Path(__file__).parents[1] / "prompts"
PERSONA = Persona(
    "samantha",
    "Samantha",
    "warm",
    "You are software.",
    "You are brief.",
    Greetings(("Hi. Who are you?",), ("Again!", "Again, {{user}}!"), ("Back.", "Back, {{user}}.")),
    (Example("grief", "My cat died.", "Oh no. What was she like?"),),
)
FRAME = ReplyFrame(
    "You are {{persona}}. {{history}} {{manner}} {{about_user}}", "{{when}} {{memories}}"
)
GUIDEBOOK = Guidebook(
    {
        name: StrategyWords(brief=f"{name}!", full=f"{name} at length.")
        for name in (*Strategy, "unsure")
    },
    ExemplarBank(
        [
            Exemplar("sadness", Strategy.REFLECT, "so low", "That low. Since when?"),
            Exemplar("joy", Strategy.CELEBRATE, "i won!", "You won! What was it like?"),
        ]
    ),
)


@dataclass
class Room:
    """A companion with a real database, a clock and a model that obey the test."""

    companion: Companion
    transcript: SqliteTranscript
    backend: ObedientBackend
    clock: FakeClock
    mind: Mind
    moods: SqliteMoodLog

    def begin(self) -> Conversation:
        record = self.transcript.create_conversation("samantha", self.clock.now())
        return Conversation(self.mind, record.id)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    store = Store(tmp_path / "companion.db")
    transcript, backend, clock = SqliteTranscript(store), ObedientBackend(), FakeClock()
    moods, reader = SqliteMoodLog(store), ObedientReader()
    words = load_memory_words([PROMPTS])
    memory = Remembering(SqliteMemoryShelf(store), SqliteFollowUps(store), words)
    mind = Mind(transcript, backend, PERSONA, FRAME, clock, moods, reader, GUIDEBOOK, memory)
    others = {"other": ObedientBackend(name="other", model="other-1")}
    companion = Companion(mind, others.__getitem__, ["obedient", "other"], store.close)
    yield Room(companion, transcript, backend, clock, mind, moods)
    store.close()
