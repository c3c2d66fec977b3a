"""Where the user writes to her."""

from companion.tui.widgets.text_field import TextField


class MessageInput(TextField):
    """A field that empties itself when it is sent, and in which Up recalls what was said."""

    def __init__(self) -> None:
        super().__init__("Say something…", id="input")
        self.past: list[str] = []
        self._recalled: int | None = None
        self._unsent = ""

    def send(self) -> None:
        """Hand the message over and begin an empty one."""
        if self.text.strip():
            super().send()
            self._recalled = None
            self.fill("")

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
