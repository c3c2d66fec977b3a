"""The words of remembering, as files."""

import shutil
from pathlib import Path

import pytest

from companion.domain.errors import PromptError
from companion.prompting.memory_words import load_memory_words

PROMPTS = Path(__file__).parents[2] / "prompts"


def test_words_are_filled() -> None:
    words = load_memory_words([PROMPTS])
    assert words.tell([]) == ""
    assert words.tell(["A.", "B."]) == "They told you before: A. B."
    asked = {words.ask("event", "the exam", "yesterday", turn) for turn in range(4)}
    assert len(asked) == 2
    assert all("the exam" in each and "yesterday" in each for each in asked)
    assert "Yesterday was the scan" in words.ask("hard", "the scan", "yesterday", 1)
    assert "one thing I knew about your mother" in words.confess("your mother", 1, 3)
    assert "3 things" in words.confess("your mother", 3, 3)
    assert "nothing special" in words.confess("your mother", 0, 3)
    assert "nothing about" in words.confess("your mother", 0, 0)


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("memories.md", "{{memory}}", "nothing fills {{memory}}"),
        ("follow_ups.toml", "[event]\ngreeting = ['x']\nnote = 'y'", "each occasion needs"),
        ("follow_ups.toml", "[event]\ngreeting = []\nnote = 'y'", "event.greeting"),
        ("forgetting.toml", "done = 'x'", "said: Field required"),
        ("forgetting.toml", "done = '{{x}}'", "nothing fills {{x}}"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    for file in ("memories.md", "follow_ups.toml", "forgetting.toml"):
        shutil.copy(PROMPTS / file, tmp_path / file)
    (tmp_path / name).write_text(text)
    with pytest.raises(PromptError, match=complaint) as caught:
        load_memory_words([tmp_path])
    assert name in str(caught.value)
