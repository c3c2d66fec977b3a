"""Draw the screenshots of the documentation: the real chat with words written beforehand.

Run it after a change to the screen: ``python scripts/make_screenshots.py``. The
result depends on nothing but the checkout.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from textual.pilot import Pilot

from companion.backends.scripted import ScriptedBackend
from companion.conversation.companion import Companion
from companion.conversation.disclosure import Disclosure
from companion.conversation.mind import Mind
from companion.conversation.recollection import Recollection
from companion.conversation.remembering import Remembering
from companion.conversation.thinking import Thinking
from companion.conversation.watch import Watch
from companion.domain.disclosure import AgeGroup
from companion.domain.errors import CompanionError
from companion.domain.memories import Keep, Learned
from companion.domain.message import Role
from companion.domain.mood import EMOTIONS, Affect, Appraisal, Source
from companion.late import LateCrisisScreen, LateMoodReader
from companion.memory.noticing.noticer import notice
from companion.memory.recall import TurnRecaller
from companion.prompting.budget import measure_passage
from companion.prompting.crisis import load_crisis_book
from companion.prompting.earlier import load_earlier_words
from companion.prompting.frame import load_reply_frame
from companion.prompting.guidebook import load_guidebook
from companion.prompting.memory_words import load_memory_words
from companion.prompting.personas import load_persona
from companion.prompting.recalled import load_recalled_words
from companion.prompting.thinking import load_thinking_words
from companion.store.database import Store
from companion.store.follow_ups import SqliteFollowUps
from companion.store.memories import SqliteMemoryShelf
from companion.store.mood_log import SqliteMoodLog
from companion.store.recall_log import SqliteRecallLog
from companion.store.safety_log import SqliteSafetyLog
from companion.store.safety_plan import SqlitePlanBook
from companion.store.summaries import SqliteSummaryShelf
from companion.store.transcript import SqliteTranscript
from companion.store.turn_index import SqliteTurnIndex
from companion.tui.app import CompanionApp
from companion.tui.screens.chat import ChatScreen
from companion.tui.widgets.message_input import MessageInput

ROOT = Path(__file__).parents[1]
SIZE = (80, 24)
DIALOGUE = (
    (
        "Theo. I can't sleep. Tomorrow is my first day at the new job.",
        "Nice to meet you, Theo. First days are loud in the dark, aren't they? "
        "What is it that keeps coming back?",
    ),
    (
        "That they'll notice I have no idea what I'm doing",
        "Oh, that one. It visits *so* many people the night before, and it always comes "
        "dressed as a fact. What did they see in you when they said yes?",
    ),
)
WEEKS = (
    ("Slept badly, the flat is too quiet", "sadness", -0.5, -0.3),
    ("Walked along the river with Ana, laughed a lot", "joy", 0.6, 0.4),
    ("The interview is on Thursday", "nervousness", -0.3, 0.6),
    ("Cooked for once. A calm evening", "approval", 0.3, -0.4),
    ("They said yes!", "excitement", 0.7, 0.7),
    ("Miss my old team", "sadness", -0.4, -0.2),
    ("Mum called, we talked for hours", "gratitude", 0.5, 0.0),
)
"""What was written, what it felt like, valence and arousal."""
LIFE = (
    "My sister Ana is a nurse in Porto",
    "I live in Berlin and I work as a letter writer",
    "I love long walks in the rain",
    "I hate phone calls",
    "I'm allergic to nuts",
    "I have a job interview on Thursday",
)
"""What was told of a life, a day each."""


class StillClock:
    """A clock that stands still, so that every run is the same."""

    def now(self) -> datetime:
        """Return one Sunday evening."""
        return datetime(2026, 11, 22, 23, 10, tzinfo=UTC)

    def monotonic(self) -> float:
        """Return the beginning of time."""
        return 0.0


class NamedScript(ScriptedBackend):
    """A script in the place of the model that answers by default."""

    @property
    def model(self) -> str:
        """The model that it stands for."""
        return "qwen2.5-1.5b"


def open_stage(folder: Path) -> Companion:
    """Join a companion that answers from the script."""
    store = Store(folder / "companion.db")
    prompts = (ROOT / "prompts",)
    backend = NamedScript("local", [reply for _, reply in DIALOGUE])
    persona, frame = load_persona(prompts, "samantha"), load_reply_frame(prompts)
    moods, reader = SqliteMoodLog(store), LateMoodReader()
    guidebook, transcript, clock = load_guidebook(prompts), SqliteTranscript(store), StillClock()
    watch = Watch(
        *(transcript, LateCrisisScreen(), SqliteSafetyLog(store), SqlitePlanBook(store)),
        *(load_crisis_book(prompts), clock),
        country="",
        keep_country=lambda _: None,
    )
    memory = Remembering(
        SqliteMemoryShelf(store), SqliteFollowUps(store), load_memory_words(prompts)
    )
    names = {Role.USER: "You", Role.ASSISTANT: persona.name}
    recaller = TurnRecaller(SqliteTurnIndex(store), names, measure_passage)
    recollection = Recollection(recaller, SqliteRecallLog(store), load_recalled_words(prompts))
    thinking = Thinking(
        SqliteSummaryShelf(store), load_thinking_words(prompts), load_earlier_words(prompts)
    )
    mind = Mind(
        *(transcript, backend, persona, frame, clock, moods, reader, guidebook),
        *(watch, memory, recollection, thinking),
        Disclosure(clock, persona.name, AgeGroup.ADULT, lambda _: None, ""),
    )
    return Companion(mind, lambda _: backend, [backend.name], store.close)


def remember_weeks(folder: Path) -> None:
    """Fill a journal with four weeks of moods, as the user said them themselves."""
    store = Store(folder / "companion.db")
    log = SqliteMoodLog(store)
    now = StillClock().now()
    for number, (text, label, valence, arousal) in enumerate(WEEKS * 4):
        at = now - timedelta(hours=2, days=4 * len(WEEKS) - 1 - number)
        appraisal = Appraisal(
            dict.fromkeys(EMOTIONS, 0.01) | {label: 0.9},
            (label,),
            Affect(valence + 0.1 * (number % 3 - 1), arousal, 0.0),
            *(0.6, 0.8),
        )
        journal_id = log.write_journal(text, at)
        log.add(appraisal, Source.MODEL, at, journal_id=journal_id)
    store.close()


async def hold_dialogue(app: CompanionApp, pilot: Pilot[CompanionError]) -> None:
    """Say what the script answers."""
    chat = app.screen
    assert isinstance(chat, ChatScreen)
    for said, _ in DIALOGUE:
        chat.query_one(MessageInput).fill(said)
        await pilot.press("enter")
        while chat.talk.conversation is None or chat.talk.talking:
            await pilot.pause(0.01)


async def show_mood(app: CompanionApp, pilot: Pilot[CompanionError]) -> None:
    """Open the mood screen at a month."""
    chat = app.screen
    assert isinstance(chat, ChatScreen)
    while chat.talk.conversation is None:
        await pilot.pause(0.01)
    await pilot.press("f5")
    while app.screen is chat:
        await pilot.pause(0.01)
    await pilot.press("m")
    while any(each.group == "load" and not each.is_finished for each in app.workers):
        await pilot.pause(0.01)


def remember_life(folder: Path) -> None:
    """Let the user have told a little of their life."""
    store = Store(folder / "companion.db")
    transcript, shelf = SqliteTranscript(store), SqliteMemoryShelf(store)
    at = StillClock().now() - timedelta(days=9)
    talk = transcript.create_conversation("samantha", at)
    parent, today = None, at.date()
    for text in LIFE:
        at += timedelta(days=1)
        said = transcript.add_user_message(talk.id, text, "", at, parent_id=parent)
        parent = said.id
        found = [each for each in notice(text, today) if isinstance(each, Learned)]
        shelf.learn(said, [Keep(each) for each in found])
    shelf.pin(shelf.memories()[0].id, True)
    store.close()


async def show_memories(app: CompanionApp, pilot: Pilot[CompanionError]) -> None:
    """Open the screen of what she remembers."""
    chat = app.screen
    assert isinstance(chat, ChatScreen)
    while chat.talk.conversation is None:
        await pilot.pause(0.01)
    await pilot.press("f2")
    while app.screen is chat:
        await pilot.pause(0.01)
    while any(each.group == "load" and not each.is_finished for each in app.workers):
        await pilot.pause(0.01)


async def draw(
    theme: Literal["dark", "light"],
    target: Path,
    act: Callable[[CompanionApp, Pilot[CompanionError]], Awaitable[None]],
) -> None:
    """Do something in one theme and save what is on the screen."""
    with tempfile.TemporaryDirectory() as folder:
        if act is show_mood:
            remember_weeks(Path(folder))
        if act is show_memories:
            remember_life(Path(folder))
        app = CompanionApp(lambda: open_stage(Path(folder)), theme=theme)
        async with app.run_test(size=SIZE) as pilot:
            await act(app, pilot)
            await pilot.pause(0.2)
            app.save_screenshot(target.name, str(target.parent))


def main() -> None:
    """Draw them all."""
    folder = ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    for theme in ("dark", "light"):
        asyncio.run(draw(theme, folder / f"chat-{theme}.svg", hold_dialogue))
        asyncio.run(draw(theme, folder / f"mood-{theme}.svg", show_mood))
        asyncio.run(draw(theme, folder / f"memories-{theme}.svg", show_memories))


if __name__ == "__main__":
    main()
