import random

import pytest

from companion.tui.markdown import GrowingText, make_ink, write_markdown, write_plain

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
