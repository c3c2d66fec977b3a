"""Text that means harm to a terminal, and what must hold of it: for tests and a benchmark."""

import json
import unicodedata

from hypothesis import strategies as st
from textual.color import Color
from textual.strip import Strip

from companion.safety.sanitise import escape_harmful, make_harmless, unmask_links
from companion.tui.harmless import HarmlessFilter
from companion.tui.ink import make_ink, write_plain
from companion.tui.markdown import GrowingText, write_markdown

PIECES = (
    *("\x1b[2J", "\x1b]0;title\x07", "\x1b]8;;https://evil.example\x1b\\", "\x9b31m", "\x1b[5n"),
    *("\x1bP$q\x1b\\", "\x1b]52;c;ZXZpbA==\x07", "\x07", "\b" * 9, "\x7f", "\r", "\x0e", "\x00"),
    *("\u202e", "\u2066", "\u2069", "\u200f", "\u061c", "\u200b", "\ufeff", "\u2060", "\u00ad"),
    *("\U000e0041", "\ufe00", "\U000e0101", "\u3164", "\u034f", "\u2028", "\u2029", "\ud800"),
    *("[/]", "[@click=app.quit]x[/]", "[link=file:///etc]x[/link]", "[bold red]", "\\[", "$error"),
    *("[a](javascript:alert(1))", "[a](file:///etc/passwd)", "[a](data:text/html,x)", "<vim:x>"),
    *("![p](https://evil.example/p.png)", "[https://good.example](https://evil.example)"),
    *("https://\u0430pple.com/x", "http://goo\u200dgle.com", "https://ex\u00adample.com", "```"),
    *(
        "| a | b |\n|---|---|\n",
        "> ",
        "- ",
        "\n\n",
        "# ",
        "~~x~~",
        "👩‍👩‍👧",
        "שלום",
        "مرحبا",
        "é",
        "\t",
    ),
)
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=12).map("".join)
_INK = make_ink("dark")
_GATE = HarmlessFilter()
_BLACK = Color(0, 0, 0)


def is_harmless(text: str) -> bool:
    """Whether no character of a text can drive a terminal or turn its order around."""
    return all(
        character in "\n\t\u200c\u200d"
        or (
            unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
            and unicodedata.bidirectional(character) not in _TURNS
        )
        for character in text
    )


_TURNS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def check_stored(text: str, cut: int) -> None:
    """What is stored is harmless, the same however it came, and stays as it is."""
    stored = make_harmless(text)
    assert is_harmless(stored)
    assert make_harmless(stored) == stored
    assert make_harmless(text[:cut]) + make_harmless(text[cut:]) == stored


def check_shown(text: str) -> None:
    """What the screen draws is harmless, links to nothing, and is what was stored."""
    shown = unmask_links(make_harmless(text))
    plain = write_plain(shown, 40, _INK)
    assert _letters("".join(strip.text for strip in plain)) == _letters(shown)
    for strips in (plain, write_markdown(shown, 40, _INK), GrowingText(40, _INK).write(shown)):
        for strip in strips:
            _check_strip(strip)
    # Not even text that no gate saw before does harm.
    for strip in write_markdown(text.encode("utf-8", "replace").decode(), 40, _INK):
        assert is_harmless("".join(each.text for each in _GATE.apply(list(strip), _BLACK)))


def check_json(text: str) -> None:
    """JSON that is printed is harmless and still says the same."""
    encoded = json.dumps({text: [text]}, ensure_ascii=False)
    printed = escape_harmful(encoded)
    assert is_harmless(printed)
    assert json.loads(printed) == json.loads(encoded)


def _check_strip(strip: Strip) -> None:
    assert is_harmless(strip.text)
    for segment in strip:
        assert not segment.control
        assert segment.style is None or not (segment.style.link or segment.style.meta)


def _letters(text: str) -> str:
    return "".join(text.split())
