import random

import pytest

from companion.tui.ink import is_plain, make_ink, write_plain
from companion.tui.markdown import GrowingText, write_markdown

TEXT = """Oh, *lovely*.

- a walk
- `tea`

1. one
2. two

> There is a crack
> in everything.

```python
def tea() -> str:
    return "tea"
```

| what | when |
|------|------|
| tea  | now  |

Roses are red
violets are <b>blue</b>
"""


def lines(text: str, width: int = 60) -> list[str]:
    return [line.text.rstrip() for line in write_markdown(text, width, make_ink("dark"))]


@pytest.mark.parametrize("seed", range(20))
def test_text_that_grew_looks_like_text_that_came_whole(seed: int) -> None:
    chance = random.Random(seed)
    growing, rest, shown = GrowingText(60, make_ink("dark")), TEXT, []
    while rest:
        cut = chance.randint(1, 20)
        shown, rest = growing.write(rest[:cut]), rest[cut:]
    assert [line.text.rstrip() for line in shown] == lines(TEXT)


def test_line_breaks_and_html_stay() -> None:
    assert lines("one\ntwo <b>x</b>") == ["one", "two <b>x</b>"]


def test_links_show_where_they_lead() -> None:
    assert lines("[bank](https://evil.example)") == ["bank (https://evil.example)"]


@pytest.mark.parametrize("width", [1, 3, 20, 80])
@pytest.mark.parametrize(
    "text",
    [
        *("", "\n", "> " * 60 + "deep", "- " * 60 + "x"),
        *("[a](" + "(" * 500, "`" * 500, "|a|\n|-|", "\ta"),
    ],
)
def test_no_text_is_too_strange(text: str, width: int) -> None:
    assert isinstance(lines(text, width), list)


def test_plain_text_is_wrapped_and_nothing_else() -> None:
    strips = write_plain("*one* two\n\n  three", 6, make_ink("light"))
    assert [strip.text.rstrip() for strip in strips] == ["*one*", "two", "", "  thre", "e"]


@pytest.mark.parametrize(
    "text",
    ["Hello. How was it?", "Well - she's\nfine, isn't she?", "It cost 3.50 (too much!)", "naïve…"],
)
def test_what_is_plain_looks_the_same_as_markdown(text: str) -> None:
    assert is_plain(text)
    plain, marked = (write(text, 40, make_ink("dark")) for write in (write_plain, write_markdown))
    assert [line.text.rstrip() for line in plain] == [line.text.rstrip() for line in marked]


@pytest.mark.parametrize(
    "text", ["*oh*", "a\n- b", "1. one", "# head", "    code", "a &amp; b", "<b>", "a\n==="]
)
def test_what_may_be_markdown_is_not_plain(text: str) -> None:
    assert not is_plain(text)
