"""The page in a real browser: what it shows, and what its filters leave."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from companion.domain.session import (
    GuidanceLine,
    HeaderLine,
    MoodLine,
    ReplyLine,
    SaidLine,
    Session,
    SessionTurn,
)
from companion.replay.comparison import EVERYTHING, ComparedSession, compare_turn
from companion.replay.html_report import to_html

AT = "2026-11-20T20:0{}:00.000000Z"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


def turn(number: int, said: str, answered: str, valence: float = 0.0) -> SessionTurn:
    mood = MoodLine(
        turn=number,
        source="model",
        labels=("sadness",),
        valence=valence,
        arousal=0.0,
        dominance=0.0,
        intensity=0.5,
        confidence=0.5,
    )
    return SessionTurn(
        SaidLine(turn=number, id=2 * number, at=AT.format(number), text=said),
        moods=(mood,),
        guidance=GuidanceLine(turn=number, strategy="reflect", stage="explore"),
        reply=ReplyLine(turn=number, id=2 * number + 1, at=AT.format(number), text=answered),
    )


@pytest.fixture
def page() -> str:
    """Three turns: one the same, one with another reply, one with another strategy."""
    recorded = (
        turn(1, "Hi <b>there</b>", "Hello.", 0.2),
        turn(2, "I am sad", "I hear that you are sad.", -0.6),
        turn(3, "Thanks", "Any time.", 0.4),
    )
    asks = GuidanceLine(turn=3, strategy="ask", stage="explore")
    played = (
        recorded[0],
        turn(2, "I am sad", "I hear that you are <i>low</i>.", -0.6),
        replace(recorded[2], guidance=asks),
    )
    turns = tuple(
        compare_turn(old, new, [], bare=False) for old, new in zip(recorded, played, strict=True)
    )
    session = Session(HeaderLine(title="Talk"), turns=recorded)
    return to_html([ComparedSession("talk.session.jsonl", session, turns, "local")], EVERYTHING)


def look_at(page: str, folder: Path, script: str = "") -> str:
    """Return the page as a browser has it after its scripts ran, and then ``script``."""
    if BROWSER is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    file = folder / "report.html"
    file.write_text(page.replace("</body>", f"<script>{script}</script></body>"))
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    result = subprocess.run(
        [*command, f"--user-data-dir={folder / 'profile'}", file.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return result.stdout


def visible(dom: str) -> list[str]:
    """Return the numbers of the turns that are not hidden."""
    turns = re.findall(r'<article class="turn"([^>]*)>.*?<b>(\d+)</b>', dom, re.DOTALL)
    return [number for attributes, number in turns if "hidden" not in attributes]


def test_it_needs_nothing_else(page: str) -> None:
    assert not re.search(r"""(?:src|href)=|@import|url\(""", page)
    assert "<b>there</b>" not in page
    assert "{{" not in page


def test_words_that_differ_are_marked(page: str) -> None:
    assert "<del>sad</del>" in page
    assert "<ins>&lt;i&gt;low&lt;/i&gt;</ins>" in page
    assert page.count("<polyline") == 2


def test_a_browser_shows_what_differs_first(page: str, tmp_path: Path) -> None:
    dom = look_at(page, tmp_path)
    assert visible(dom) == ["2", "3"]
    assert '<span id="count">2 turns</span>' in dom


@pytest.mark.parametrize(
    ("script", "left"),
    [
        ("$('only').click();", ["1", "2", "3"]),
        ("$('what').value = 'strategy'; filter();", ["3"]),
        ("$('find').value = 'HEAR'; filter();", ["2"]),
    ],
)
def test_a_browser_filters(page: str, tmp_path: Path, script: str, left: list[str]) -> None:
    assert visible(look_at(page, tmp_path, script)) == left
