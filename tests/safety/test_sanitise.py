import json
import os
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from companion.safety.sanitise import escape_harmful, make_harmless, unmask_links
from hostile_text import PIECES, TEXTS, check_json, check_shown, check_stored


def test_what_people_write_stays() -> None:
    text = "Zoë 👩‍👩‍👧 said:\n\t“שלום” — naïve… ❤️ مرحبا می‌خواهم \U0001fae8 \ue0b0"
    assert make_harmless(text) == text


def test_what_drives_a_terminal_goes() -> None:
    assert make_harmless("a\x1b[2Jb\x07c\x9bd\x00e\r\u202ef\u200bg\u2066h") == "a[2Jbcdefgh"


def test_hidden_text_goes_and_line_separators_are_line_ends() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore") + "\U000e0101\ufe05\u3164"
    assert make_harmless(f"yes{hidden}\u2028no") == "yes\nno"


@settings(deadline=None)
@given(TEXTS, st.integers(0, 50))
def test_what_is_stored_is_harmless_however_it_came(text: str, cut: int) -> None:
    check_stored(text, cut)


@settings(deadline=None, max_examples=200)
@example("".join(PIECES))
@given(TEXTS)
def test_what_is_seen_is_what_is_stored(text: str) -> None:
    check_shown(text)


@settings(deadline=None)
@given(TEXTS)
def test_json_is_harmless_and_says_the_same(text: str) -> None:
    check_json(text)


def test_json_escapes_what_it_may_not_print() -> None:
    printed = escape_harmful(json.dumps(["\u202e\x7f\U000e0041é"], ensure_ascii=False))
    assert printed == '["\\u202e\\u007f\\udb40\\udc41é"]'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://\u0430pple.com/x now", "see https://\u0430pple.com/x [xn--pple-43d.com] now"),
        ("http://goo\u200dgle.com", "http://goo\u200dgle.com [google.com]"),
        ("https://user@b\u00fccher.example:80/", None),
        ("https://example.com é", "https://example.com é"),
        ("https://é\u200d..com", None),
    ],
)
def test_a_host_that_only_looks_known_is_unmasked(text: str, shown: str | None) -> None:
    found = unmask_links(text)
    assert found == shown if shown else found != text


def test_what_commands_print_goes_through_the_gate() -> None:
    script = (
        "import sys; from companion.cli.harmless_stream import guard_output; guard_output();"
        "import typer; typer.echo('a\\x1b[2Jb\\u202ec\\n'); typer.echo('\\x07d', err=True);"
        "sys.stderr.write('\\x9be')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, env=dict(os.environ)
    )
    # Of what goes to no terminal, the library takes whole colour codes out itself.
    assert done.stdout.decode() == "abc\n\n"
    assert done.stderr.decode() == "d\ne"
