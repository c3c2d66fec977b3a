import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from companion.safety.sanitise import make_harmless


def test_what_people_write_stays() -> None:
    text = "Zoë 👩‍👩‍👧 said:\n\t“שלום” — naïve… ❤️ مرحبا"
    assert make_harmless(text) == text


def test_what_drives_a_terminal_goes() -> None:
    assert make_harmless("a\x1b[2Jb\x07c\x9bd\x00e\r\u202ef\u200bg\u2066h") == "a[2Jbcdefgh"


@given(st.text())
def test_nothing_of_the_kind_is_left(text: str) -> None:
    clean = make_harmless(text)
    assert all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") for c in clean)
    assert make_harmless(clean) == clean


@given(st.text(), st.integers(0, 50))
def test_pieces_are_treated_like_the_whole(text: str, cut: int) -> None:
    assert make_harmless(text[:cut]) + make_harmless(text[cut:]) == make_harmless(text)
