"""Where the user writes."""

from dataclasses import dataclass
from typing import cast

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import Keys
from textual.message import Message
from textual.widgets import TextArea

_FOLD_OVER = 4000
_LINE_BREAKS = ("ctrl+j", "shift+enter", "alt+enter", "shift+\r")

# Textual 8.2 takes the Alt+Enter of most terminals for Enter, which would send.
cast(dict[str, tuple[Keys, ...]], ANSI_SEQUENCES_KEYS)["\x1b\r"] = (Keys.ControlJ,)


class MessageInput(TextArea):
    """Several lines of text: Enter sends, Ctrl+J breaks the line, Up recalls.

    A very long paste is folded into a short label, so that typing stays quick;
    what is sent and kept is the whole.
    """

    @dataclass
    class Sent(Message):
        """The user is done with a message."""

        text: str

    def __init__(self) -> None:
        super().__init__(
            id="input",
            compact=True,
            highlight_cursor_line=False,
            placeholder="Say something…",
        )
        self.cursor_blink = False
        self.past: list[str] = []
        self._recalled: int | None = None
        self._unsent = ""
        self._folded: dict[str, str] = {}

    @property
    def whole_text(self) -> str:
        """What was written, with nothing folded."""
        text = self.text
        for label, pasted in self._folded.items():
            text = text.replace(label, pasted)
        return text

    def fill(self, text: str) -> None:
        """Put ``text`` in place of what is there, the cursor after it."""
        self._folded.clear()
        self.load_text(self._fold(text))
        self.move_cursor(self.document.end)

    def send(self) -> None:
        """Hand the message over and begin an empty one."""
        text = self.whole_text
        if text.strip():
            self._recalled = None
            self.fill("")
            self.post_message(self.Sent(text))

    def action_cursor_up(self, select: bool = False) -> None:
        """Move up; from the first line, go back to what was said before."""
        _, row = self.wrapped_document.location_to_offset(self.cursor_location)
        if select or row > 0 or not self._recall(-1):
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Move down; from the last line, come forth again to what was being written."""
        _, row = self.wrapped_document.location_to_offset(self.cursor_location)
        if select or row < self.wrapped_document.height - 1 or not self._recall(1):
            super().action_cursor_down(select)

    async def _on_key(self, event: events.Key) -> None:
        # Not by bindings: TextArea takes Enter for text before any binding sees it,
        # and a quick typist's next letter would overtake a binding's line break.
        if event.key != "enter" and event.key not in _LINE_BREAKS:
            return
        event.prevent_default()
        event.stop()
        if event.key == "enter":
            self.send()
        else:
            self.replace("\n", *self.selection)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        self.replace(self._fold(text), *self.selection)

    def _recall(self, step: int) -> bool:
        """Show the message ``step`` further on; return whether there is one."""
        here = len(self.past) if self._recalled is None else self._recalled
        there = here + step
        if not 0 <= there <= len(self.past) or (step > 0 and self._recalled is None):
            return False
        if self._recalled is None:
            self._unsent = self.whole_text
        at_end = there == len(self.past)
        self._recalled = None if at_end else there
        self.fill(self._unsent if at_end else self.past[there])
        return True

    def _fold(self, text: str) -> str:
        if len(text) <= _FOLD_OVER:
            return text
        lines = text.count("\n") + 1
        size = f"{lines:,} lines" if lines > 1 else f"{len(text):,} characters"
        label = f"[pasted text {len(self._folded) + 1}: {size}]"
        self._folded[label] = text
        return label
