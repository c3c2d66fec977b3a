"""Her reply while it comes."""

from time import perf_counter
from typing import TYPE_CHECKING

from textual.strip import Strip
from textual.timer import Timer

from companion.tui.widgets.message_view import LinesView

if TYPE_CHECKING:
    from companion.tui.ink import Ink
    from companion.tui.markdown import GrowingText

_SHORTEST_PAUSE = 1 / 20
_SHARE_OF_TIME = 5


class StreamingReply(LinesView):
    """Text that grows: drawn at most 20 times a second, less often if drawing is slow."""

    def __init__(self) -> None:
        super().__init__("hers streaming")
        self.text = ""
        self._drawn = 0
        self._growing: tuple[object, GrowingText] | None = None
        self._timer: Timer | None = None
        self._pause = _SHORTEST_PAUSE

    def add(self, piece: str) -> None:
        """Take the next piece of the reply."""
        self.text += piece
        if self._timer is None:
            self._timer = self.set_timer(self._pause, self._draw)

    def begin_again(self) -> None:
        """Forget what came."""
        self.text = ""
        self._growing = None
        self.content_changed()

    def write_lines(self, width: int, ink: "Ink") -> list[Strip]:
        """Lay out what is new; what was there before is settled."""
        from companion.tui.markdown import GrowingText

        key = (width, self.app.theme)
        if self._growing is None or self._growing[0] != key:
            self._growing, self._drawn = (key, GrowingText(width, ink)), 0
        new, self._drawn = self.text[self._drawn :], len(self.text)
        return self._growing[1].write(new) if self.text else []

    def _draw(self) -> None:
        self._timer = None
        started = perf_counter()
        before = len(self._laid_out[1]) if self._laid_out else -1
        self._laid_out = None
        if len(self.lines(self.content_size.width or 1)) == before:
            self.refresh()
        else:
            self.clear_cached_dimensions()
            self.refresh(layout=True)
        self._pause = max(_SHORTEST_PAUSE, _SHARE_OF_TIME * (perf_counter() - started))
