"""Moods put on the stage: messages of the past with how they felt."""

from datetime import timedelta
from typing import Any, TypeVar

from textual.screen import Screen

from companion.domain.mood import MoodEntry, Source
from companion.tui.widgets.edge_lines import TitleLine
from companion.tui.widgets.text_field import TextField
from conversation_room import Room
from fakes import feel
from tui.stage import Stage

TEXTS = {
    "sad": "I miss her, it is sad",
    "glad": "so glad, the letter came",
    "tired": "just tired",
    "angry": "he made me angry",
    "afraid": "afraid of tomorrow",
}


Shown = TypeVar("Shown", bound=Screen[Any])


def feed(room: Room, *words: str, ago: timedelta = timedelta(hours=1)) -> list[MoodEntry]:
    """Let the user have written with each of ``words``, a minute apart, ``ago``."""
    conversation, parent = room.begin(), None
    entries = []
    for number, word in enumerate(words):
        at = room.clock.now() - ago + timedelta(minutes=number)
        message = room.transcript.add_user_message(
            conversation.id, TEXTS[word], "", at, parent_id=parent
        )
        parent = message.id
        appraisal = feel(word, evidence=word)
        entries.append(room.moods.add(appraisal, Source.MODEL, at, message_id=message.id))
    return entries


def title(stage: Stage) -> str:
    """Return the first line of the chat."""
    return str(stage.chat.query_one(TitleLine).render())


async def opened(stage: Stage, key: str, kind: type[Shown]) -> Shown:
    """Press ``key`` and return the screen that comes of it."""
    await stage.pilot.press(key)
    await stage.until(lambda: isinstance(stage.app.screen, kind))
    await stage.pilot.pause()
    screen = stage.app.screen
    assert isinstance(screen, kind)
    return screen


async def answer(stage: Stage, words: str) -> None:
    """Write ``words`` into the card that asks for them."""
    stage.app.screen.query_one(TextField).insert(words)
    await stage.pilot.press("enter")
