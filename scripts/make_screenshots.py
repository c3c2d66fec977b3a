"""Draw the screenshots of the documentation: the real chat with words written beforehand.

Run it after a change to the screen: ``python scripts/make_screenshots.py``. The
result depends on nothing but the checkout.
"""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from companion.assembly import LateMoodReader
from companion.backends.scripted import ScriptedBackend
from companion.conversation.companion import Companion
from companion.conversation.mind import Mind
from companion.prompting.frame import load_reply_frame
from companion.prompting.guidebook import load_guidebook
from companion.prompting.personas import load_persona
from companion.store.database import Store
from companion.store.mood_log import SqliteMoodLog
from companion.store.transcript import SqliteTranscript
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
    guidebook = load_guidebook(prompts)
    mind = Mind(
        *(SqliteTranscript(store), backend, persona, frame, StillClock(), moods, reader),
        guidebook=guidebook,
    )
    return Companion(mind, lambda _: backend, [backend.name], store.close)


async def draw(theme: Literal["dark", "light"], target: Path) -> None:
    """Hold the dialogue in one theme and save what is on the screen."""
    with tempfile.TemporaryDirectory() as folder:
        app = CompanionApp(lambda: open_stage(Path(folder)), theme=theme)
        async with app.run_test(size=SIZE) as pilot:
            chat = app.screen
            assert isinstance(chat, ChatScreen)
            for said, _ in DIALOGUE:
                chat.query_one(MessageInput).fill(said)
                await pilot.press("enter")
                while chat.talk.conversation is None or chat.talk.talking:
                    await pilot.pause(0.01)
            await pilot.pause(0.2)
            app.save_screenshot(target.name, str(target.parent))


def main() -> None:
    """Draw them all."""
    folder = ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    for theme in ("dark", "light"):
        asyncio.run(draw(theme, folder / f"chat-{theme}.svg"))


if __name__ == "__main__":
    main()
