"""What text on the screen is written with, and plain text written with it.

Importing this costs a moment (Rich's console), so it is imported with the first
message and not with the screen.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.text import Text
from rich.theme import Theme as RichTheme
from textual.strip import Strip

from companion.tui.themes import THEMES

_MARKDOWN = re.compile(r"[*_`#<>|~\[\]\\&]|^\s*(?:[-+=]|\d+[.)]\s)|^(?: {4}|\t)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ink:
    """What text is written with: the colours of a theme, ready for rendering."""

    console: Console
    code_theme: str
    code_background: str
    code_foreground: str


@lru_cache(maxsize=4)
def make_ink(theme_name: str) -> Ink:
    """Return the ink for one of our themes."""
    theme = next(each for each in THEMES if each.name == theme_name)
    accent, quiet = theme.accent or theme.primary, theme.variables["quiet"]
    panel = theme.surface or "default"
    styles = {f"markdown.h{level}": f"bold {accent}" for level in range(1, 7)} | {
        "markdown.code": f"{accent} on {panel}",
        "markdown.block_quote": f"italic {quiet}",
        "markdown.item.bullet": accent,
        "markdown.item.number": accent,
        "markdown.hr": quiet,
        "markdown.link": accent,
        "markdown.link_url": f"underline {quiet}",
        "markdown.table.border": quiet,
        "markdown.table.header": f"bold {accent}",
    }
    console = Console(
        color_system="truecolor",
        force_terminal=True,
        legacy_windows=False,
        no_color=False,
        theme=RichTheme(styles),
    )
    code_theme = "gruvbox-dark" if theme.dark else "gruvbox-light"
    return Ink(console, code_theme, panel, theme.foreground or "default")


def write_plain(text: str, width: int, ink: Ink) -> list[Strip]:
    """Return ``text`` as it is, wrapped."""
    strips: list[Strip] = []
    for line in text.expandtabs(8).split("\n"):
        # Most lines fit, and a paste may have thousands of them.
        if cell_len(line) <= width:
            strips.append(Strip([Segment(line)] if line else []))
        else:
            strips += lay_out(Text(line, overflow="fold"), width, ink)
    return strips


def is_plain(text: str) -> bool:
    """Return whether Markdown would show ``text`` just as it stands."""
    return not _MARKDOWN.search(text)


def lay_out(renderable: RenderableType, width: int, ink: Ink) -> list[Strip]:
    """Return the lines of something that Rich can render."""
    options = ink.console.options.update(width=max(width, 1), height=None, highlight=False)
    lines = ink.console.render_lines(renderable, options, pad=False)
    return [Strip(line) for line in lines]
