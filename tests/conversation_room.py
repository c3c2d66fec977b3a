from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from companion.conversation.companion import Companion
from companion.conversation.disclosure import Disclosure
from companion.conversation.engine import Conversation
from companion.conversation.mind import Mind
from companion.conversation.recollection import Recollection
from companion.conversation.remembering import Remembering
from companion.conversation.session_book import SessionBook
from companion.conversation.thinking import Thinking
from companion.conversation.watch import Watch
from companion.domain.disclosure import AgeGroup
from companion.domain.guidance import Exemplar, Strategy
from companion.domain.message import Role
from companion.domain.persona import Example, Greetings, Persona
from companion.memory.recall import TurnRecaller
from companion.portable.past import find_past
from companion.prompting.budget import measure_passage
from companion.prompting.crisis import load_crisis_book
from companion.prompting.earlier import load_earlier_words
from companion.prompting.exemplars import ExemplarBank
from companion.prompting.frame import ReplyFrame
from companion.prompting.guidebook import Guidebook
from companion.prompting.memory_words import load_memory_words
from companion.prompting.recalled import RecalledWords
from companion.prompting.strategies import StrategyWords
from companion.prompting.thinking import load_thinking_words
from companion.store.database import Store
from companion.store.exporting import SqliteExporter
from companion.store.follow_ups import SqliteFollowUps
from companion.store.keys import Keys
from companion.store.memories import SqliteMemoryShelf
from companion.store.mood_log import SqliteMoodLog
from companion.store.recall_log import SqliteRecallLog
from companion.store.safety_log import SqliteSafetyLog
from companion.store.safety_plan import SqlitePlanBook
from companion.store.summaries import SqliteSummaryShelf
from companion.store.transcript import SqliteTranscript
from companion.store.turn_index import SqliteTurnIndex
from fakes import FakeClock, ObedientBackend, ObedientReader, ObedientScreen

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
CRISIS_BOOK = load_crisis_book([Path(__file__).parents[1] / "prompts"])
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
RECALLED = RecalledWords(
    brief="Once: {{quotes}}",
    full="Said before: {{quotes}}",
    theirs="{{when}} they wrote: “{{words}}”",
    hers="{{when}} you said: “{{words}}”",
    others="{{when}} {{name}} said: “{{words}}”",
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
    screen: ObedientScreen
    safety: SqliteSafetyLog
    plans: SqlitePlanBook
    countries: list[str]
    ages: list[AgeGroup]
    store: Store

    def begin(self) -> Conversation:
        record = self.transcript.create_conversation("samantha", self.clock.now())
        return Conversation(self.mind, record.id)


def open_room(
    folder: Path,
    backend: ObedientBackend | None = None,
    clock: FakeClock | None = None,
    age: AgeGroup = AgeGroup.ADULT,
    keys: Keys | None = None,
) -> Room:
    """Open the room whose database lies in ``folder``, as the program does at its start."""
    store = Store(folder / "companion.db", keys)
    transcript, backend, clock = (
        SqliteTranscript(store),
        backend or ObedientBackend(),
        clock or FakeClock(),
    )
    moods, reader = SqliteMoodLog(store), ObedientReader()
    screen, safety, plans = ObedientScreen(), SqliteSafetyLog(store), SqlitePlanBook(store)
    countries: list[str] = []
    ages: list[AgeGroup] = []
    watch = Watch(
        *(transcript, screen, safety, plans, CRISIS_BOOK, clock),
        country="",
        keep_country=countries.append,
    )
    words = load_memory_words([PROMPTS])
    memory = Remembering(SqliteMemoryShelf(store), SqliteFollowUps(store), words)
    names = {Role.USER: "You", Role.ASSISTANT: PERSONA.name}
    recaller = TurnRecaller(SqliteTurnIndex(store), names, measure_passage)
    recollection = Recollection(recaller, SqliteRecallLog(store), RECALLED)
    thinking = (transcript, backend, PERSONA, FRAME, clock, moods, reader, GUIDEBOOK)
    idle = Thinking(
        SqliteSummaryShelf(store), load_thinking_words([PROMPTS]), load_earlier_words([PROMPTS])
    )
    disclosure = Disclosure(clock, PERSONA.name, age, ages.append, "They are a minor.")
    mind = Mind(*thinking, watch, memory, recollection, idle, disclosure)
    others = {"other": ObedientBackend(name="other", model="other-1")}
    sessions = SessionBook(
        *(mind, partial(find_past, SqliteExporter(store)), [PROMPTS], lambda *_: backend.profile),
        follow_ups=True,
        encoder=False,
        refine=False,
    )
    names_of_backends = ["obedient", "other"]
    companion = Companion(
        mind, others.__getitem__, names_of_backends, store.close, sessions=sessions
    )
    return Room(
        *(companion, transcript, backend, clock, mind, moods, screen, safety, plans),
        *(countries, ages),
        store=store,
    )


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    opened = open_room(tmp_path)
    yield opened
    opened.store.close()
