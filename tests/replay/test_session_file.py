"""The session file: what goes out comes back, and nothing else is taken."""

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from companion.domain.errors import SessionError
from companion.domain.message import PromptMessage, Role
from companion.domain.session import (
    GreetingLine,
    HeaderLine,
    MoodLine,
    PromptLine,
    ReplyLine,
    SaidLine,
    Session,
    SessionMind,
    SessionProfile,
    SessionTurn,
)
from companion.portable.redacting import redact
from companion.portable.session_lines import write_session
from companion.portable.session_reading import read_session
from companion.replay.stand_in import read_profiles

ROOT = Path(__file__).parents[2]
AT = "2026-11-2{}T20:00:00.000000Z"
SYSTEM = PromptMessage(Role.SYSTEM, "You are Samantha.")


def turn(number: int, said: str, answered: str, *before: PromptMessage) -> SessionTurn:
    asked = PromptMessage(Role.USER, said)
    return SessionTurn(
        SaidLine(turn=number, id=number * 2, at=AT.format(number), text=said),
        moods=(
            MoodLine(
                turn=number,
                source="model",
                labels=("joy",),
                valence=0.5,
                arousal=0.25,
                dominance=0.0,
                intensity=0.5,
                confidence=0.75,
            ),
        ),
        prompt=PromptLine(turn=number, hash=f"{number}" * 64, keeps=0, adds=()),
        reply=ReplyLine(
            turn=number, id=number * 2 + 1, at=AT.format(number), text=answered, chunks=((0.5, 3),)
        ),
        messages=(SYSTEM, *before, asked),
    )


def session() -> Session:
    first = turn(1, "Hi, I am Theo", "Hello Theo.")
    assert first.messages
    second = turn(
        2,
        "Call 555-1234, please. Nora has it",
        "I cannot, Nora.",
        *first.messages[1:],
        PromptMessage(Role.ASSISTANT, "Hello Theo."),
    )
    greeting = GreetingLine(id=1, at=AT.format(0), text="Who are you?")
    return Session(
        HeaderLine(persona="samantha", zone="Europe/Lisbon"), (), greeting, (first, second)
    )


def text(of: Session) -> str:
    return "".join(write_session(of))


def read(given: str) -> Session:
    return read_session(io.BytesIO(given.encode()), "talk")


def test_what_goes_out_comes_back() -> None:
    given = session()
    back = read(text(given))
    assert [each.messages for each in back.turns] == [each.messages for each in given.turns]
    assert back.greeting == given.greeting
    assert [each.reply for each in back.turns] == [each.reply for each in given.turns]
    assert [each.moods for each in back.turns] == [each.moods for each in given.turns]
    assert back.problem == ""
    assert text(back) == text(given)


def test_a_prompt_is_told_once() -> None:
    assert text(session()).count("You are Samantha.") == 1


def test_a_prompt_whose_text_is_not_known_keeps_its_hash() -> None:
    given = session()
    lost = replace(given, turns=(replace(given.turns[0], messages=None), given.turns[1]))
    back = read(text(lost))
    assert back.turns[0].messages is None
    assert back.turns[0].prompt
    assert back.turns[0].prompt.hash == "1" * 64
    assert back.turns[1].messages == given.turns[1].messages


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"version":1', '"version":9', "newer version"),
        ('"companion-session"', '"companion"', "not a header"),
        ('"zone":"Europe/Lisbon"', '"zone":5', '"zone"'),
    ],
)
def test_a_file_that_is_none_is_refused(old: str, new: str, words: str) -> None:
    with pytest.raises(SessionError, match=words):
        read(text(session()).replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "words", "whole"),
    [
        ('"line":"end"', '"line":"fin"', "is not valid", 1),
        ('"turn":2', '"turn":3', "comes out of order", 0),
        ('"valence":0.5,', '"valence":0.5,"colour":1,', "colour", 0),
        ('"lines":9', '"lines":8', "9 lines are here and not 8", 1),
        (AT.format(2), "2025-01-01T00:00:00.000000Z", "its time is before", 0),
    ],
)
def test_a_spoilt_file_is_read_as_far_as_it_goes(
    old: str, new: str, words: str, whole: int
) -> None:
    given = text(session())
    assert old in given
    back = read(given.replace(old, new, 1))
    assert words in back.problem
    assert len(back.turns) == whole


def test_words_that_would_drive_a_terminal_are_harmless() -> None:
    back = read(text(session()).replace("Hello Theo.", "Hello \\u001b[31mTheo."))
    assert back.turns[0].reply
    assert "\x1b" not in back.turns[0].reply.text


def test_redacting_is_consistent_and_leaves_what_tells_nobody() -> None:
    given = redact(session())
    said = [each.said.text for each in given.turns]
    replies = [each.reply.text for each in given.turns if each.reply]
    assert "Theo" not in "".join((*said, *replies))
    assert "555-1234" not in said[1]
    name = said[0].removeprefix("Hi, I am ")
    assert replies[0] == f"Hello {name}."
    assert given.header.redacted
    assert given.turns[0].moods == ()


def test_redacting_leaves_no_title_no_error_and_no_model() -> None:
    known = session()
    mind = SessionMind(backend="acme-gpu", model="acme/zebra", profile=SessionProfile(brief=True))
    update = {"title": "with zebra", "minds": (mind,)}
    failed = {"status": "failed", "error": "zebra.acme:80 says no", "model": mind.model}
    turns = [
        replace(turn, reply=turn.reply.model_copy(update=failed | {"backend": mind.backend}))
        for turn in known.turns
        if turn.reply
    ]
    given = redact(
        replace(known, header=known.header.model_copy(update=update), turns=tuple(turns))
    )
    assert turns
    assert not re.search("zebra|acme", str(given))
    reply = given.turns[0].reply
    assert reply
    assert read_profiles(given)[reply.backend, reply.model].brief


def test_redacting_keeps_what_a_minor_must_not_be_told_and_says_so() -> None:
    known = session()
    settings = known.header.settings.model_copy(update={"minor": True})
    header = known.header.model_copy(update={"settings": settings})
    assert redact(replace(known, header=header)).header.settings.minor
    command = [sys.executable, "-m", "companion", "history", "export", "--help"]
    environ = {**os.environ, "COLUMNS": "200"}
    helped = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert "Whether you are under 18 stays" in " ".join(helped.stdout.replace("│", " ").split())


def test_the_schema_in_the_docs_is_current() -> None:
    command = [sys.executable, "scripts/make_session_schema.py", "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
