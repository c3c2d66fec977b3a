"""The one line that says what is going on."""

from time import monotonic

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static


class StatusLine(Static):
    """Says what the user waits for, what happened, or nothing. Nothing in it blinks."""

    def __init__(self) -> None:
        super().__init__("", id="status", markup=False)
        self._what = ""
        self._usual: float | None = None
        self._since = 0.0
        self._ticking: Timer | None = None

    @property
    def text(self) -> str:
        """What it says."""
        return self._what

    def wait(self, what: str, usual: float | None = None) -> None:
        """Say what is being waited for and count the seconds."""
        if self._ticking is None or what != self._what:
            self._since = monotonic()
        self._what, self._usual = what, usual
        if self._ticking is None:
            self._ticking = self.set_interval(1.0, self._show_wait)
        self._show_wait()

    def say(self, text: str) -> None:
        """Say something that stays until there is something else to say."""
        self._stop_counting()
        self._what = text
        self._write(text, "said")

    def complain(self, text: str) -> None:
        """Say that something went wrong."""
        self._stop_counting()
        self._what = text
        self._write(text, "wrong")

    def clear(self) -> None:
        """Say nothing."""
        self.say("")

    def _show_wait(self) -> None:
        elapsed = int(monotonic() - self._since)
        parts = [f"{elapsed} s"] if elapsed else []
        if self._usual is not None:
            parts.append(f"usually about {max(1, round(self._usual))} s here")
        self._write(f"{self._what}… {', '.join(parts)}".rstrip(), "waiting")

    def _write(self, text: str, tone: str) -> None:
        for each in ("said", "wrong", "waiting"):
            self.set_class(each == tone, f"-{each}")
        self.update(Content(" ".join(text.split())), layout=False)

    def _stop_counting(self) -> None:
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None
