"""The user's mood over time: curves, a year in pixels, feelings, and every point."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import OptionList
from textual.worker import WorkType

from companion.domain.errors import CompanionError
from companion.domain.mood import MoodEntry
from companion.tui.keys import MOOD_COMMANDS
from companion.tui.memory import give_back_memory
from companion.tui.period import Span, count_back, find_period
from companion.tui.screens.choice import ChoiceScreen
from companion.tui.screens.help import HelpScreen
from companion.tui.screens.point import PointScreen, Wish
from companion.tui.screens.words import WordsScreen
from companion.tui.widgets.edge_lines import KeyLine
from companion.tui.widgets.mood_figure import Figure, MoodFigure
from companion.tui.widgets.mood_lines import MoodHead, MoodTabs, PeriodLine
from companion.tui.widgets.mood_points import MoodPoints
from companion.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from companion.conversation.companion import Companion

_KEYS = (
    *(("Esc", "back"), ("Enter", "open"), ("j", "journal"), ("s", "how you are")),
    *(("c", "correct"), ("Del", "forget"), ("Left", "earlier"), ("Right", "later")),
    ("F1", "keys"),
)
"""The most useful first."""
_ORDER = ("Enter", "c", "Del", "s", "j", "Left", "Right", "F1", "Esc")
_QUESTION = "How was it, in your own words?"
_NOW_QUESTION = "How are you, in a word or two?"
_JOURNAL_QUESTION = "What is on your mind?"
_JOURNAL_EXAMPLE = "As much as you like; Ctrl+J breaks the line"
_EXAMPLE = "tired, calm, sad, angry, glad…"
_KEEP, _FORGET = "Keep it", "Forget it"
_FORGET_MESSAGE = (
    "Forget the mood of this message? The message itself stays. The backups made so far go as well."
)
_FORGET_JOURNAL = (
    "Erase this entry of your journal, and the backups made so far? It cannot be brought back."
)


class MoodScreen(Screen[MoodEntry]):
    """Returns the entry to whose message to go, or nothing to stay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(each.key, each.action, each.title, priority=True) for each in MOOD_COMMANDS
    ]

    def __init__(self, companion: "Companion") -> None:
        super().__init__()
        self.commands = MOOD_COMMANDS
        self._companion = companion
        self._diary = companion.diary
        self._span = Span.WEEK
        self._figure = Figure.CURVE
        self._back = 0
        self._now: datetime | None = None

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield MoodHead()
        yield MoodTabs()
        yield PeriodLine()
        yield MoodFigure()
        yield MoodPoints()
        yield StatusLine()
        yield KeyLine(_KEYS, _ORDER)

    def on_mount(self) -> None:
        """Begin with this week."""
        self.query_one(MoodPoints).focus()
        self._reload()

    def on_unmount(self) -> None:
        """Give back what the figures needed."""
        give_back_memory()

    def action_show(self, what: str) -> None:
        """Show the curve of a span, a year in pixels, or the feelings of this stretch."""
        span = Span.YEAR if what == Figure.PIXELS else self._span
        if what in list(Span):
            span, self._figure = Span(what), Figure.CURVE
        else:
            self._figure = Figure(what)
        if span is not self._span:
            self._span, self._back = span, 0
        self._reload()

    def action_move(self, step: int) -> None:
        """Go to the stretch of time before or after this one."""
        there = self._back + step
        if self._now and 0 <= there <= count_back(self._span, self._now):
            self._back = there
            self._reload()

    def action_show_help(self) -> None:
        """Show what the keys do."""
        self.app.push_screen(HelpScreen())

    @on(OptionList.OptionHighlighted)
    def _point_at(self) -> None:
        chosen = self.query_one(MoodPoints).chosen
        at = chosen.at.astimezone(self._now.tzinfo) if chosen and self._now else None
        self.query_one(MoodFigure).choose(at)

    @on(OptionList.OptionSelected)
    def _open_clicked(self) -> None:
        self.action_open()

    @work
    async def action_open(self) -> None:
        """Show the words behind the chosen point, and do what the user wants with it."""
        entry = self.query_one(MoodPoints).chosen
        if entry is None:
            return
        try:
            point = await self._make_point(entry)
        except CompanionError as error:
            self._complain(error)
            return
        match await self.app.push_screen_wait(point):
            case Wish.CORRECT:
                self.action_correct()
            case Wish.FORGET:
                self.action_forget()
            case Wish.GO:
                self.dismiss(entry)

    async def _make_point(self, entry: MoodEntry) -> PointScreen:
        before, history = [], [entry]
        if entry.message_id is not None and entry.conversation_id is not None:
            history = list((await self._diary.explain(entry.message_id)).entries)
            conversation = await self._companion.open(entry.conversation_id)
            before = await conversation.history(before=entry.message_id, limit=2)
        at = self.query_one(MoodPoints).tell_time(entry)
        return PointScreen(entry, at, before, history, self._companion.persona.name)

    @work
    async def action_correct(self) -> None:
        """Ask how it was and let that stand."""
        entry = self.query_one(MoodPoints).chosen
        if entry is not None:
            await self._ask(_QUESTION, _EXAMPLE, partial(self._diary.correct, entry.id))

    @work
    async def action_set(self) -> None:
        """Ask how the user is now."""
        await self._ask(_NOW_QUESTION, _EXAMPLE, self._diary.set)

    @work
    async def action_write(self) -> None:
        """Ask for an entry of the journal."""
        await self._ask(_JOURNAL_QUESTION, _JOURNAL_EXAMPLE, self._diary.write)

    @work
    async def action_forget(self) -> None:
        """Erase a point, once the user has said so twice."""
        entry = self.query_one(MoodPoints).chosen
        if entry is None:
            return
        question = _FORGET_JOURNAL if entry.journal_id is not None else _FORGET_MESSAGE
        sure = ChoiceScreen(question, (_KEEP, _FORGET), _KEEP)
        if await self.app.push_screen_wait(sure) == _FORGET:
            try:
                await self._diary.delete(entry.id)
            except CompanionError as error:
                await self._load()
                self._complain(error)
                return
            self._reload()

    async def _ask(
        self, question: str, example: str, keep: Callable[[str], Awaitable[MoodEntry]]
    ) -> None:
        if await self.app.push_screen_wait(WordsScreen(question, example, keep)):
            self._reload()

    def _reload(self) -> None:
        load: WorkType[None] = self._load
        self.run_worker(load, group="load", exclusive=True)

    async def _load(self) -> None:
        try:
            mood = await self._diary.now()
            self._now = mood.at
            period = find_period(self._span, mood.at, self._back)
            entries = await self._diary.entries(period.begin, period.end)
            self.query_one(StatusLine).clear()
            self.query_one(MoodHead).show(mood)
            self.query_one(MoodTabs).show(self._span, self._figure)
            self.query_one(PeriodLine).show(period, len(entries), self._figure)
            self.query_one(MoodPoints).show(entries, mood.at)
            await self.query_one(MoodFigure).show(self._figure, period, entries, mood, self._diary)
            self._point_at()
        except CompanionError as error:
            self._complain(error)

    def _complain(self, error: CompanionError) -> None:
        self.query_one(StatusLine).complain(str(error))
