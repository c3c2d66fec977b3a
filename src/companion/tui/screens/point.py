"""One point of the mood curve: the words behind it, who judged, and what can be done."""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from companion.domain.message import Message, Role
from companion.domain.mood import MoodEntry
from companion.tui.feelings import mark_appraisal, shorten, tell_source

_CONTEXT_LENGTH = 200
_MOST = 4000


class Wish(StrEnum):
    """What the user wants done with a point."""

    CORRECT = "correct"
    FORGET = "forget"
    GO = "go"


class PointScreen(ModalScreen[Wish]):
    """Shows a point with what was said just before; returns a wish, or nothing.

    ``history`` are all appraisals of the same words, in the order of their making.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss"),
        Binding("c", "wish('correct')"),
        Binding("delete,x", "wish('forget')"),
        Binding("g", "wish('go')"),
    ]

    def __init__(
        self,
        entry: MoodEntry,
        at: str,
        before: Sequence[Message],
        history: Sequence[MoodEntry],
        name: str,
    ) -> None:
        super().__init__()
        self._entry = entry
        self._at = at
        self._before = before
        self._history = history
        self._hers = name

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        mark = mark_appraisal(self._entry.appraisal)
        with VerticalScroll(classes="card"):
            yield Static(
                Content.assemble((f"{mark.glyph} {mark.word}", f"${mark.tone}"), f"  {self._at}"),
                classes="question",
            )
            for message in self._before:
                who = "You" if message.role is Role.USER else self._hers
                said = f"{who}: {shorten(message.text, _CONTEXT_LENGTH)}"
                yield Static(Content.styled(said, "$quiet"))
            yield Static(self._words(), classes="point--words")
            for each in self._history:
                yield Static(_tell_appraisal(each))
            yield Static(self._offer(), classes="hint", markup=False)

    def action_wish(self, wish: str) -> None:
        """Return what the user wants."""
        if wish != Wish.GO or self._entry.conversation_id is not None:
            self.dismiss(Wish(wish))

    def _words(self) -> Content:
        """Return what the user wrote, with that underlined which the feeling was seen from."""
        text = _cut_middle(self._entry.text)
        words = Content(text)
        for piece in self._entry.appraisal.evidence:
            start = text.find(piece)
            if piece and start >= 0:
                words = words.stylize("underline", start, start + len(piece))
        return words

    def _offer(self) -> str:
        go = ("g goes there",) if self._entry.conversation_id is not None else ()
        return " · ".join(("c corrects", "Del forgets", *go, "Esc goes back"))


def _cut_middle(text: str) -> str:
    """Leave out the middle of a very long text, which would take seconds to lay out."""
    if len(text) <= _MOST:
        return text
    left_out = f"\n\n[… {len(text) - _MOST:,} characters …]\n\n"
    return text[: _MOST // 2] + left_out + text[-_MOST // 2 :]


def _tell_appraisal(entry: MoodEntry) -> Content:
    mark = mark_appraisal(entry.appraisal)
    seen = "”, “".join(entry.appraisal.evidence)
    why = f", from “{shorten(seen, _CONTEXT_LENGTH)}”" if seen else ""
    return Content.assemble(
        (f"{mark.glyph} {mark.word}", f"${mark.tone}"), (f"  {tell_source(entry)}{why}", "$quiet")
    )
