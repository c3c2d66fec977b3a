"""One message on the screen."""

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from companion.domain.message import Message, Role, Status
from companion.safety.sanitise import make_harmless, unmask_links

if TYPE_CHECKING:
    from companion.tui.ink import Ink


def describe_end(message: Message) -> str:
    """Say quietly why a reply is not whole; empty if it is."""
    if not message.text and message.status in (Status.STOPPED, Status.INTERRUPTED):
        return "— not answered yet. Ctrl+R asks for an answer."
    match message.status:
        case Status.STOPPED:
            return "— you stopped her here"
        case Status.INTERRUPTED:
            return "— broken off: the program ended"
        case Status.FAILED:
            return f"— broken off. {message.error or ''}".rstrip()
        case _:
            return ""


_CLASSES = {Role.ASSISTANT: "hers", Role.USER: "yours", Role.SYSTEM: "notice"}


class LinesView(Widget):
    """Text laid out once a width and theme, and drawn line by line as it is visible.

    Content is never read as markup. What is selected can be copied.
    """

    def __init__(self, classes: str) -> None:
        super().__init__(classes=classes)
        self._laid_out: tuple[object, list[Strip]] | None = None

    def write_lines(self, width: int, ink: "Ink") -> list[Strip]:
        """Lay the content out; to be implemented."""
        raise NotImplementedError

    def lines(self, width: int) -> list[Strip]:
        """Return the content's lines at a width, in the colours of the present theme."""
        key = (width, self.app.theme)
        if self._laid_out is None or self._laid_out[0] != key:
            self._laid_out = key, self.write_lines(width, self._ink())
        return self._laid_out[1]

    def content_changed(self) -> None:
        """Lay the content out anew when it is needed."""
        self._laid_out = None
        self.clear_cached_dimensions()
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are."""
        return len(self.lines(width))

    def render_line(self, y: int) -> Strip:
        """Return one line, with what is selected of it marked."""
        width, style = self.content_size.width, self.rich_style
        lines = self.lines(width)
        if y >= len(lines):
            return Strip.blank(width, style)
        line = lines[y].extend_cell_length(width).apply_style(style)
        selection = self.text_selection
        span = selection.get_span(y) if selection else None
        return (self._mark(line, *span) if span else line).apply_offsets(0, y)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text as it stands on the screen."""
        text = "\n".join(line.text.rstrip() for line in self.lines(self.content_size.width))
        return selection.extract(text), "\n"

    def _mark(self, line: Strip, start: int, end: int) -> Strip:
        marked = self.screen.get_component_rich_style("screen--selection")
        stop = line.cell_length if end == -1 else end
        before, inside, after = (
            line.crop(0, start),
            line.crop(start, stop),
            line.crop(stop, line.cell_length),
        )
        return Strip([*before, *Segment.apply_style(inside, post_style=marked), *after])

    def _ink(self) -> "Ink":
        # With the screen, not with its first message, this would delay the first frame.
        from companion.tui.ink import make_ink

        return make_ink(self.app.theme)


class MessageView(LinesView):
    """A message that no longer changes; one of the system is a notice."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"message--end"}

    def __init__(self, message: Message) -> None:
        super().__init__(_CLASSES[message.role])
        self.message = message

    def write_lines(self, width: int, ink: "Ink") -> list[Strip]:
        """Lay her words out as Markdown, all others as they are."""
        from companion.tui.ink import write_plain

        words = unmask_links(make_harmless(self.message.text))
        lines = self._write_words(words, width, ink) if words else []
        end = describe_end(self.message)
        quiet = self.get_component_rich_style("message--end", partial=True)
        marks = write_plain(end, width, ink) if end else []
        return lines + [mark.apply_style(quiet) for mark in marks]

    def _write_words(self, words: str, width: int, ink: "Ink") -> list[Strip]:
        from companion.tui.ink import is_plain, write_plain

        if self.message.role is not Role.ASSISTANT or is_plain(words):
            return write_plain(words, width, ink)
        from companion.tui.markdown import write_markdown

        return write_markdown(words, width, ink)
