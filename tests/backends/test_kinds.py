"""Settings tables: which kind they ask for and what is wrong with them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from backends.loopback_engine import LoopbackEngine
from companion.backends.kinds import Services, build_backend, known_kinds
from companion.domain.errors import BackendError, SettingsError
from companion.domain.model import ModelProfile, TextDelta
from companion.protocols.model import Backend
from fakes import OpenDrawer

ENVIRON = {"NOVA_KEY": "sk-very-secret", "EMPTY_KEY": " ", "ODD_KEY": "sk-\u2026"}
NOVA = {"kind": "openai", "base_url": "https://nova.test/v1", "model": "nova-7b"}


def build(table: Mapping[str, object]) -> Backend:
    engine = lambda model, threads, adapter: LoopbackEngine(["good", "Hello."])  # noqa: E731
    services = Services(ENVIRON, engine, OpenDrawer({"backend odd": "very-secret"}))
    assert "very-secret" not in repr(services)
    return build_backend("nova", table, services)


def complaint(table: Mapping[str, object]) -> str:
    with pytest.raises(SettingsError) as caught:
        build(table)
    sentence = str(caught.value)
    assert sentence.startswith("[backends.nova] ")
    assert "\n" not in sentence
    assert "secret" not in sentence
    return sentence


def test_three_kinds_are_known() -> None:
    assert known_kinds() == ("local", "openai", "scripted")


def test_an_unknown_kind_is_met_with_those_that_are_known() -> None:
    assert "unknown kind 'oracle'" in complaint({"kind": "oracle"})
    assert "has no kind. Choose one of these" in complaint({})
    assert "local, openai, scripted" in complaint({"kind": ["local"]})


def test_a_profile_comes_from_the_table() -> None:
    table = {
        **NOVA,
        "context_tokens": 32768,
        "reply_tokens": 800,
        "examples": 2,
        "note_tokens": 90,
        "exemplars": 3,
        "brief": True,
        "sampling": {"temperature": 0.7, "top_k": 40},
        "extra": {"reasoning": {"effort": "low"}},
    }
    assert build(table).profile == ModelProfile(
        *(32768, 800, 2, 90),
        exemplars=3,
        brief=True,
        sampling={"temperature": 0.7, "top_k": 40},
        extra={"reasoning": {"effort": "low"}},
    )
    assert build(NOVA).profile == ModelProfile()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model": 7}, "model: input should be a valid string"),
        ({"colour": "blue"}, "has colour, which this kind does not know"),
        ({"context_tokens": "many"}, "context_tokens: input should be a valid integer"),
        ({"timeout_seconds": 0}, "timeout_seconds: input should be greater than 0"),
        ({"base_url": "nova.test"}, "base_url: write the whole address"),
        ({"base_url": "https://me:secret@nova.test/v1"}, "hold no user name or key"),
        ({"base_url": "https://nova.test/v1?key=secret"}, "hold no user name or key"),
        ({"api_key": "sk-secret"}, "keys do not belong in this file"),
        ({"api_key_env": "sk-secret"}, "api_key_env: keys do not belong in this file"),
        ({"headers": {"Api-Key": "secret"}}, "headers: keys do not belong in this file"),
        ({"headers": {"X-Title": "a\nb"}}, "headers: headers must be plain ASCII"),
        ({"extra": {"stream": False}}, "extra: stream cannot be set here"),
        ({"sampling": {"temperature": float("nan")}}, "sampling.temperature"),
    ],
)
def test_a_mistake_is_named(change: Mapping[str, object], words: str) -> None:
    assert words in complaint({**NOVA, **change})


def test_a_missing_setting_is_named() -> None:
    assert "needs a value for base_url" in complaint({"kind": "openai", "model": "m"})


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        ("MISSING_KEY", "nova needs its key in the environment variable MISSING_KEY. Set it"),
        ("EMPTY_KEY", "nova needs its key in the environment variable EMPTY_KEY. Set it"),
        ("ODD_KEY", "The key in the environment variable ODD_KEY has characters"),
    ],
)
async def test_a_key_is_looked_for_when_it_is_needed(variable: str, words: str) -> None:
    backend = build({**NOVA, "api_key_env": variable})
    with pytest.raises(BackendError, match=words):
        [step async for step in backend.prepare([])]
    with pytest.raises(BackendError, match=words):
        [part async for part in backend.stream_reply([])]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "nova needs its key in the keyring. Keep it there with: companion backends key nova"),
        ({"api_key_env": "EMPTY_KEY"}, "in the environment variable EMPTY_KEY or the keyring"),
    ],
)
async def test_a_key_that_the_keyring_lacks_is_missed(more: dict[str, str], words: str) -> None:
    backend = build({**NOVA, "api_key_keyring": True, **more})
    with pytest.raises(BackendError, match=words):
        [step async for step in backend.prepare([])]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("script.toml", 'replies = ["First.", "Second\\n\\none."]'),
        ("script.txt", "First.\n---\nSecond\n\none.\n"),
    ],
)
async def test_a_script_comes_from_a_file(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    backend = build({"kind": "scripted", "file": str(tmp_path / name)})
    said = []
    for _ in range(3):
        parts = [part async for part in backend.stream_reply([])]
        said.append("".join(part.text for part in parts if isinstance(part, TextDelta)))
    assert said == ["First.", "Second\n\none.", "First."]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "give either replies or file"),
        ({"replies": ["Hi."], "file": "x.txt"}, "give either replies or file"),
        ({"replies": [" "]}, "replies.0"),
        ({"file": "nowhere.txt"}, "cannot read nowhere.txt"),
    ],
)
def test_a_script_without_words_is_refused(table: Mapping[str, object], words: str) -> None:
    assert words in complaint({"kind": "scripted", **table})


@pytest.mark.parametrize("text", ["replies = 7", "replies = [", ""])
def test_a_script_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "script.toml").write_text(text, encoding="utf-8")
    file = str(tmp_path / "script.toml")
    assert "finds no replies in" in complaint({"kind": "scripted", "file": file})
