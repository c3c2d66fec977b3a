"""Her words as lines of the screen.

Importing this costs a moment and 3 MB (the Markdown parser), so it is imported with
the first message that needs it.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.markdown import CodeBlock, Heading, Markdown, MarkdownElement
from rich.padding import Padding
from rich.style import Style
from rich.syntax import Syntax
from rich.text import Text
from textual.strip import Strip

from companion.tui.ink import Ink, lay_out

# HTML is shown as it was written: it would vanish otherwise, and she did say it.
# Pictures, too: Rich would show the words in their place and hide the address.
_PARSER = (
    MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"]).disable("image")
)
_SCHEMES = ("https://", "http://", "mailto:")
_UNFINISHED = "unfinished"


def _may_be_link(address: str) -> bool:
    """Whether an address may be a link; others stay as they were written."""
    return address.strip().lower().startswith(_SCHEMES)


_PARSER.validateLink = _may_be_link  # type: ignore[assignment, method-assign]


def write_markdown(text: str, width: int, ink: Ink) -> list[Strip]:
    """Return ``text`` as the Markdown that it is."""
    return lay_out(_Words(_PARSER.parse(text), ink), width, ink)


class GrowingText:
    """Markdown that is still being written.

    Blocks that can no longer change are laid out once; only the last one is laid
    out again as it grows. The result may differ a little from that of the whole
    text (a reference may be resolved by its last line), so whoever shows it writes
    the whole once more at the end.
    """

    def __init__(self, width: int, ink: Ink) -> None:
        self._width = width
        self._ink = ink
        self._settled: list[Strip] = []
        self._last = ""

    def write(self, more: str) -> list[Strip]:
        """Add text and return the lines of everything so far."""
        self._last += more
        tokens = _PARSER.parse(self._last)
        start = _start_of_last_block(tokens)
        if start:
            lines = self._last.splitlines(keepends=True)
            line = (tokens[start].map or [0])[0]
            self._settled += [*self._lay_out(tokens[:start]), Strip([])]
            self._last = "".join(lines[line:])
            tokens = tokens[start:]
        _leave_open_fence_plain(tokens, self._last)
        return self._settled + self._lay_out(tokens)

    def _lay_out(self, tokens: Sequence[Token]) -> list[Strip]:
        lines = lay_out(_Words(tokens, self._ink), self._width, self._ink)
        # Rich puts an empty line before a list even where nothing stands above it.
        return lines[1:] if lines and not lines[0].cell_length else lines


def _start_of_last_block(tokens: Sequence[Token]) -> int:
    """Return the index of the token that opens the last block of the top level."""
    opening = [
        index for index, token in enumerate(tokens) if token.level == 0 and token.nesting >= 0
    ]
    return opening[-1] if opening else 0


def _leave_open_fence_plain(tokens: Sequence[Token], text: str) -> None:
    """Keep code from being coloured, at a cost that grows, while it grows."""
    if not tokens or tokens[-1].type != "fence":
        return
    lines = text.rstrip().splitlines()
    if len(lines) < 2 or not lines[-1].strip().startswith(tokens[-1].markup):
        tokens[-1].info = _UNFINISHED


class _Heading(Heading):
    LEVEL_ALIGN: ClassVar[dict[str, JustifyMethod]] = {}


class _Code(CodeBlock):
    @classmethod
    def create(cls, markdown: Markdown, token: Token) -> "_Code":
        assert isinstance(markdown, _Words)
        return cls(token.info.partition(" ")[0] or "text", markdown.ink)

    def __init__(self, lexer_name: str, ink: Ink) -> None:
        super().__init__(lexer_name, ink.code_theme)
        self._ink = ink

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        code, background = str(self.text).rstrip(), self._ink.code_background
        if self.lexer_name in (_UNFINISHED, "text"):
            style = Style(color=self._ink.code_foreground, bgcolor=background)
            yield Padding(Text(code, style, overflow="fold"), 1, style=style)
        else:
            yield Syntax(
                code,
                self.lexer_name,
                theme=self.theme,
                word_wrap=True,
                padding=1,
                background_color=background,
            )


class _Words(Markdown):
    """Rich's Markdown in our manner: line breaks are kept, links show where they lead."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = Markdown.elements | {
        "heading_open": _Heading,
        "fence": _Code,
        "code_block": _Code,
    }

    def __init__(self, tokens: Sequence[Token], ink: Ink) -> None:
        super().__init__("", hyperlinks=False)
        for token in _walk(tokens):
            if token.type == "softbreak":
                token.type = "hardbreak"
        self.parsed = list(tokens)
        self.ink = ink


def _walk(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or ())
