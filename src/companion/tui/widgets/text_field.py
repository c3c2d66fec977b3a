"""A field for several lines of text."""

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


class TextField(TextArea):
    """Enter sends, Ctrl+J breaks the line. It grows with what is written.

    A very long paste is folded into a short label, so that typing stays quick;
    what is sent and kept is the whole.
    """

    @dataclass
    class Sent(Message):
        """The user is done with a text."""

        text: str

    def __init__(self, placeholder: str, id: str | None = None) -> None:
        super().__init__(id=id, compact=True, highlight_cursor_line=False, placeholder=placeholder)
        self.cursor_blink = False
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
        """Hand the text over; it stays where it is."""
        text = self.whole_text
        if text.strip():
            self.post_message(self.Sent(text))

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

    def _fold(self, text: str) -> str:
        if len(text) <= _FOLD_OVER:
            return text
        lines = text.count("\n") + 1
        size = f"{lines:,} lines" if lines > 1 else f"{len(text):,} characters"
        label = f"[pasted text {len(self._folded) + 1}: {size}]"
        self._folded[label] = text
        return label
