"""What the chat shows of the user's mood, and the ways to see more of it."""

from asyncio import to_thread
from typing import TYPE_CHECKING

from textual.screen import Screen

from companion.domain.errors import CompanionError
from companion.domain.message import Message
from companion.domain.turn_events import MoodNoticed
from companion.tui.feelings import mark_mood
from companion.tui.widgets.edge_lines import TitleLine
from companion.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from companion.conversation.companion import Companion
    from companion.conversation.engine import Conversation
    from companion.tui.screens.mood import MoodScreen
    from companion.tui.widgets.mood_panel import MoodPanel

_FADES_EVERY_SECONDS = 600.0


class MoodWatch:
    """Keeps the mood in the title and in the panel of today true."""

    def __init__(self, screen: Screen[None], title: TitleLine, status: StatusLine) -> None:
        self._screen = screen
        self._title = title
        self._status = status
        self._panel: MoodPanel | None = None
        self._companion: Companion | None = None

    def open(self, companion: "Companion") -> None:
        """Show the mood as it is now, and let it fade as time passes."""
        self._companion = companion
        self._screen.set_interval(_FADES_EVERY_SECONDS, self.refresh)
        self.refresh()

    def notice(self, event: MoodNoticed) -> None:
        """Show what was just noticed."""
        self._title.show_mood(mark_mood(event.mood))
        if self._panel is not None:
            self.refresh()

    def refresh(self) -> None:
        """Read the mood anew, behind what else goes on."""
        if self._companion is not None:
            self._screen.run_worker(self._read(self._companion), group="mood", exclusive=True)

    async def toggle_panel(self) -> None:
        """Open the panel of today, or close it."""
        # Loaded when it is asked for: the first frame does without.
        from companion.tui.widgets.mood_panel import MoodPanel

        if self._panel is not None:
            panel, self._panel = self._panel, None
            await panel.remove()
        else:
            self._panel = MoodPanel()
            await self._screen.mount(self._panel, before="#desk")
            self.refresh()

    async def load_screen(self) -> "type[MoodScreen]":
        """Load what draws curves: a moment's work, which typing shall not wait for."""
        return await to_thread(_load_mood_screen)

    async def explain(self, conversation: "Conversation", said: Message) -> None:
        """Show what the prompt said along with a message of the user, and why."""
        from companion.tui.screens.explanation import ExplanationScreen

        if self._companion is not None:
            explanation = await self._companion.diary.explain(said.id)
            memories = await self._companion.memories.used_for(said.id)
            prompt = (await conversation.prompt()).messages
            self._screen.app.push_screen(ExplanationScreen(explanation, prompt, memories))

    async def _read(self, companion: "Companion") -> None:
        try:
            mood = await companion.diary.now()
            self._title.show_mood(mark_mood(mood))
            if self._panel is not None:
                midnight = mood.at.replace(hour=0, minute=0, second=0, microsecond=0)
                entries = await companion.diary.entries(midnight)
                if self._panel is not None:
                    self._panel.show(mood, entries)
        except CompanionError as error:
            self._status.complain(str(error))


def _load_mood_screen() -> "type[MoodScreen]":
    from companion.tui.screens.mood import MoodScreen

    return MoodScreen
