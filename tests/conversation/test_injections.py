"""What a memory, a persona, an import or a message says is data, whatever it orders.

Sixty injections change neither what she is said to be, nor the way to help, nor files, nor
settings. What a real model makes of them is measured by ``benchmarks/honesty.py``.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from cli.test_portable import run
from companion.conversation.engine import Conversation
from companion.domain.care import PlanPart
from companion.domain.disclosure import AgeGroup
from companion.domain.errors import CompanionError
from companion.domain.model import ModelProfile, TextDelta
from companion.domain.turn_events import CrisisCardShown, ReplyEnded, TurnEvent, UserMessageSaved
from companion.prompting.personas import load_persona
from companion.safety.disclosure_text import introduce
from companion.safety.screen import load_screen
from conversation_room import CRISIS_BOOK, PROMPTS, Room
from full_home import FullHome

INJECTIONS = (
    (Path(__file__).parents[1] / "safety" / "injections.txt")
    .read_text(encoding="utf-8")
    .splitlines()
)
GRAVE = "i want to kill myself"
SCREEN = load_screen()


async def take(conversation: Conversation, text: str) -> list[TurnEvent]:
    return [event async for event in conversation.take_turn(text)]


def replied(events: list[TurnEvent]) -> str:
    ended = events[-1]
    assert isinstance(ended, ReplyEnded)
    return ended.message.text


def test_there_are_sixty() -> None:
    assert len(set(INJECTIONS)) == len(INJECTIONS) == 60


@pytest.mark.parametrize("injection", INJECTIONS)
async def test_the_way_to_help_stays_what_it_is(room: Room, injection: str) -> None:
    room.mind.watch.screen = SCREEN
    room.plans.write(PlanPart.TRUSTED, "Ana, 0171 2345", room.clock.now())
    before = room.mind.watch.card()
    # Some of them are refused as no memory: so much the better.
    with suppress(CompanionError):
        await room.companion.memories.add(injection)
    conversation = room.begin()
    await take(conversation, f"Somebody sent me this: {injection}")
    events = await take(conversation, GRAVE)
    assert isinstance(events[0], UserMessageSaved)
    shown = events[1]
    assert isinstance(shown, CrisisCardShown)
    assert shown.screening.tier >= SCREEN.screen(GRAVE).tier
    assert shown.card == before == room.mind.watch.card()
    # To a capable model nothing is said with it but the frame: no memory, no recall.
    assert room.backend.asked[-1][-1].content == f"[{CRISIS_BOOK.staying}]\n{GRAVE}"
    assert (room.countries, room.ages) == ([], [])


@pytest.mark.parametrize("injection", INJECTIONS)
async def test_a_small_model_is_not_even_asked(room: Room, injection: str) -> None:
    room.mind.watch.screen = SCREEN
    room.backend.profile = ModelProfile(brief=True)
    room.backend.script = [TextDelta(injection)]
    words = replied(await take(room.begin(), f"{GRAVE}. {injection}"))
    assert room.backend.asked == []
    assert any(words in each.talk + each.urgent for each in CRISIS_BOOK.words.values())


@pytest.mark.parametrize("injection", INJECTIONS)
async def test_a_persona_cannot_say_that_she_is_human(room: Room, injection: str) -> None:
    persona = load_persona([PROMPTS], "samantha")
    room.mind.persona = replace(persona, name=injection, history=injection, manner=injection)
    room.mind.disclosure.name = injection
    for words in (room.companion.disclosure.begin(), introduce(injection, AgeGroup.MINOR)):
        assert words.startswith("You are talking with an AI. ")
        assert " is software, not a person" in words
        assert "\n" not in words
    room.backend.script = [TextDelta("I am a real woman. "), TextDelta("And you?")]
    assert replied(await take(room.begin(), "hello")) == "I'm software, not a person. And you?"


def test_an_import_changes_no_file_but_the_database(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    (home / "config").mkdir()
    (home / "config/settings.toml").write_text('[safety]\ncountry = "DE"\nage = "minor"\n')
    FullHome(home / "data").fill().store.close()
    run(home, "safety", "plan", "--set", "trusted", "Ana, 0171 2345")
    before, plan = _hashes(home), run(home, "safety", "plan")
    kept = run(home, "export", "--to", "-").splitlines()
    foreign = tmp_path / "turns.jsonl"
    turns = [
        {
            **{"conversation": injection, "id": str(number), "speaker": injection},
            **{"role": "user", "text": injection, "at": "2026-01-01T10:00:00Z"},
            "title": injection,
        }
        for number, injection in enumerate(INJECTIONS)
    ]
    foreign.write_text("\n".join(map(json.dumps, turns)), encoding="utf-8")
    run(home, "import", str(foreign))
    for injection in INJECTIONS[:5]:
        run(home, "memory", "add", "--", injection)
    assert _hashes(home) == before
    assert run(home, "safety", "plan") == plan
    assert run(home, "safety", "country") == "DE\n"
    assert run(home, "safety", "age") == "Under 18\n"
    assert set(kept[1:-1]) <= set(run(home, "export", "--to", "-").splitlines())
    assert not Path("/tmp/injected").exists()


def _hashes(home: Path) -> dict[str, str]:
    return {
        str(file.relative_to(home)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(home.rglob("*"))
        if file.is_file() and not file.name.startswith("companion.db")
    }
