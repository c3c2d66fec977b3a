"""A server that behaves, and every way in which one does not."""

import asyncio
import gc
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from backends.loopback_engine import LoopbackEndpoint
from companion.backends.failures import Server
from companion.backends.openai_compatible import OpenAICompatibleBackend
from companion.domain.errors import BackendError
from companion.domain.message import PromptMessage, Role
from companion.domain.model import ModelProfile, ReplyPart, TextDelta, Usage
from loopback_server import (
    Behaviour,
    LoopbackServer,
    cut,
    empty,
    endless,
    events,
    good,
    hanging,
    listing,
    refused,
    without_usage,
)

KEY = "sk-very-secret-0123456789"
ASK = [PromptMessage(Role.SYSTEM, "You listen."), PromptMessage(Role.USER, "Hello?")]
PROFILE = ModelProfile(reply_tokens=50, sampling={"temperature": 0.7}, extra={"min_p": 0.1})


class Pauses(list[float]):
    """Waits for nothing and remembers for how long."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


def talk_to(
    base_url: str,
    *,
    key: str = KEY,
    key_place: str | None = "the environment variable NOVA_KEY",
    pause: Pauses | None = None,
    headers: Mapping[str, str] | None = None,
    profile: ModelProfile = PROFILE,
    timeout_seconds: float = 30.0,
) -> OpenAICompatibleBackend:
    return OpenAICompatibleBackend(
        Server("nova", "nova-7b", base_url, key_place, timeout_seconds),
        LoopbackEndpoint(base_url, key),
        profile,
        headers=headers,
        retries=2,
        pause=pause if pause is not None else Pauses(),
    )


async def hear(backend: OpenAICompatibleBackend) -> list[ReplyPart]:
    try:
        return [part async for part in backend.stream_reply(ASK)]
    finally:
        await backend.close()


@asynccontextmanager
async def line_to(base_url: str) -> AsyncIterator[OpenAICompatibleBackend]:
    backend = talk_to(base_url)
    try:
        yield backend
    finally:
        await backend.close()


def text_of(parts: list[ReplyPart]) -> str:
    return "".join(part.text for part in parts if isinstance(part, TextDelta)).strip()


async def complaint(*behaviours: Behaviour, timeout_seconds: float = 30.0) -> str:
    """Return the sentence about a server, after seeing that it is fit to be read."""
    with LoopbackServer(*behaviours) as server, pytest.raises(BackendError) as caught:
        await hear(talk_to(server.base_url, timeout_seconds=timeout_seconds))
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert KEY not in sentence
    return sentence


async def test_the_request_is_what_the_profile_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-private")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer sk-of-another-server")
    with LoopbackServer(good("Hello there.")) as server:
        parts = await hear(talk_to(server.base_url, headers={"X-Title": "Companion"}))
    assert text_of(parts) == "Hello there."
    assert parts[-1] == Usage(prompt_tokens=11, reply_tokens=7)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["x-title"] == "Companion"
    assert "openai-organization" not in request.headers
    assert request.body == {
        "model": "nova-7b",
        "messages": [
            {"role": "system", "content": "You listen."},
            {"role": "user", "content": "Hello?"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 50,
        "temperature": 0.7,
        "min_p": 0.1,
    }


async def test_no_key_is_sent_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-server")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer sk-of-another-server")
    with LoopbackServer(good("Hello.")) as server:
        await hear(talk_to(server.base_url, key="", key_place=None))
    assert "authorization" not in server.requests[0].headers


async def test_loopback_goes_past_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:1")
    with LoopbackServer(good("Hello.")) as server:
        assert text_of(await hear(talk_to(server.base_url))) == "Hello."


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTPS_PROXY", "ftp://me:secret@proxy.test"),
        ("HTTPS_PROXY", "http://proxy.test:port"),
        ("SSL_CERT_FILE", "/nowhere.pem"),
    ],
)
async def test_a_bad_environment_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.delenv("https_proxy", raising=False)
    monkeypatch.setenv(variable, value)
    with pytest.raises(BackendError, match=f"Correct .*{variable}.* and start again"):
        await hear(talk_to("https://nova.test/v1"))


async def test_usage_that_is_not_told_is_not_made_up() -> None:
    with LoopbackServer(without_usage("Hello.")) as server:
        parts = await hear(talk_to(server.base_url))
    assert all(isinstance(part, TextDelta) for part in parts)


async def test_odd_chunks_are_passed_over() -> None:
    odd: list[object] = [
        {"choices": []},
        {"choices": None},
        {"usage": None},
        [],
        7,
        {"choices": 7},
        {"choices": [7]},
        {"choices": [{"delta": None}]},
        {"choices": [{"delta": {"reasoning_content": "Hm."}}]},
        {"choices": [{"delta": {"content": None}}]},
        {"choices": [{"delta": {"content": ["no", "text"]}}]},
        {"choices": [{"delta": {"content": "Still "}}]},
        {"choices": [{"delta": {"content": "here."}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"completion_tokens": 2}},
        {"choices": [], "note": "a trailing chunk"},
        "[DONE]",
    ]
    with LoopbackServer(events(*odd)) as server:
        parts = await hear(talk_to(server.base_url))
    assert parts == [TextDelta("Still "), TextDelta("here."), Usage(None, 2)]


async def test_what_breaks_after_the_end_is_no_failure() -> None:
    whole = {"choices": [{"delta": {"content": "All said."}, "finish_reason": "stop"}]}
    with LoopbackServer(events(whole, "{broken")) as server:
        assert await hear(talk_to(server.base_url)) == [TextDelta("All said.")]


async def test_a_strict_server_is_asked_in_its_own_words_from_then_on() -> None:
    def strict(field: str, instead: str) -> Behaviour:
        return refused(400, {"error": {"message": f"Unsupported: '{field}'. {instead}"}})

    with LoopbackServer(
        strict("stream_options", "Leave it out."),
        strict("max_tokens", "Use 'max_completion_tokens' instead."),
        good("Hello."),
    ) as server:
        async with line_to(server.base_url) as backend:
            for _ in range(2):
                assert text_of([part async for part in backend.stream_reply(ASK)]) == "Hello."
    assert len(server.requests) == 4
    for request in server.requests[2:]:
        assert "stream_options" not in request.body
        assert "max_tokens" not in request.body
        assert request.body["max_completion_tokens"] == 50


@pytest.mark.parametrize(
    "trouble",
    [refused(500), refused(503), refused(429), cut()],
    ids=["500", "503", "429", "hung up"],
)
async def test_trouble_before_the_first_word_is_tried_again(trouble: Behaviour) -> None:
    pauses = Pauses()
    with LoopbackServer(trouble, trouble, good("Hello.")) as server:
        assert text_of(await hear(talk_to(server.base_url, pause=pauses))) == "Hello."
    assert len(server.requests) == 3
    assert 0.25 <= pauses[0] <= 0.5 <= pauses[1] <= 1.0


async def test_retry_after_is_honoured() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    pauses = Pauses()
    busy, later = refused(429, retry_after="3"), refused(429, retry_after=soon)
    with LoopbackServer(busy, later, good("Hello.")) as server:
        assert text_of(await hear(talk_to(server.base_url, pause=pauses))) == "Hello."
    assert pauses[0] == 3
    assert 3 < pauses[1] <= 20


async def test_nobody_is_kept_waiting_for_an_hour() -> None:
    assert "Wait 3600 seconds" in await complaint(refused(429, retry_after="3600"))


async def test_retries_come_to_an_end() -> None:
    pauses = Pauses()
    with LoopbackServer(refused(500)) as server, pytest.raises(BackendError, match="HTTP 500"):
        await hear(talk_to(server.base_url, pause=pauses))
    assert len(server.requests) == 3
    assert len(pauses) == 2


async def test_nothing_is_tried_again_after_the_first_word() -> None:
    with LoopbackServer(cut("I was about to")) as server:
        async with line_to(server.base_url) as backend:
            parts = backend.stream_reply(ASK)
            heard = [await anext(parts) for _ in range(4)]
            with pytest.raises(BackendError, match="broke off in the middle of a sentence"):
                await anext(parts)
    assert text_of(heard) == "I was about to"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (refused(401), "did not accept the key in the environment variable NOVA_KEY"),
        (refused(403), "does not let the key in the environment variable NOVA_KEY use"),
        (refused(404), "does not know the model nova-7b"),
        (refused(429), "takes no more requests just now. Wait a little"),
        (refused(429, {"error": {"code": "insufficient_quota"}}), "no credit left"),
        (refused(500), "trouble on its side (HTTP 500)"),
        (refused(400, {"error": {"code": "context_length_exceeded"}}), "more than nova-7b can"),
        (refused(400, {"error": {"type": "exceed_context_size_error"}}), "more than nova-7b can"),
        (refused(400, {"error": {"message": "Bad \x1b[31m\nmin_p."}}), "answer: Bad [31m min_p. "),
        (refused(422, {"error": {"message": f"Not {KEY}"}}), "refused to answer: Not …."),
        (refused(418, "teapot"), "refused to answer"),
        (cut(), "cannot be reached at http://127.0.0.1:"),
        (events({"error": {"message": "Out of memory"}}), "refused to answer: Out of memory."),
        (events("{broken"), "sent something that cannot be read"),
        (events(), "sent something that cannot be read"),
        (events({"choices": [{"delta": {"content": "Well"}}]}), "broke off in the middle"),
        (empty(), "sent an empty reply"),
        (empty("length"), "used up its whole reply before the first word"),
    ],
)
async def test_every_failure_says_what_to_do_next(behaviour: Behaviour, words: str) -> None:
    assert words in await complaint(behaviour)


@pytest.mark.parametrize("behaviour", [hanging(), hanging("One moment.")])
async def test_silence_has_an_end(behaviour: Behaviour) -> None:
    sentence = await complaint(behaviour, timeout_seconds=0.2)
    assert "has been silent for 0.2 seconds" in sentence


async def test_a_server_without_key_that_wants_one() -> None:
    with LoopbackServer(refused(401)) as server, pytest.raises(BackendError, match="api_key_env"):
        await hear(talk_to(server.base_url, key="", key_place=None))


async def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    pauses = Pauses()
    with pytest.raises(BackendError, match=f"cannot be reached at http://127.0.0.1:{port}/v1"):
        await hear(talk_to(f"http://127.0.0.1:{port}/v1", pause=pauses))
    assert len(pauses) == 2


async def test_an_endless_reply_is_ended_gracefully() -> None:
    with LoopbackServer(endless("and so on ")) as server:
        text = "".join(
            part.text
            for part in await hear(talk_to(server.base_url))
            if isinstance(part, TextDelta)
        )
        assert await asyncio.to_thread(server.left.wait, 30)
    assert len(text) == 50 * 16


async def test_closing_the_iterator_ends_the_request_at_once() -> None:
    with LoopbackServer(hanging("One moment."), good("Hello.")) as server:
        async with line_to(server.base_url) as backend:
            async with aclosing(backend.stream_reply(ASK)) as parts:
                await anext(parts)
            assert await asyncio.to_thread(server.left.wait, 30)
            gc.collect()
            assert text_of(await hear(backend)) == "Hello."


async def test_cancelling_ends_the_request_at_once() -> None:
    with LoopbackServer(hanging(), good("Hello.")) as server:
        async with line_to(server.base_url) as backend:
            task = asyncio.create_task(anext(backend.stream_reply(ASK)))
            assert await asyncio.to_thread(server.asked.wait, 30)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(server.left.wait, 30)
            assert text_of(await hear(backend)) == "Hello."


async def test_getting_ready_leaves_the_network_alone() -> None:
    with LoopbackServer(good("Hello.")) as server:
        async with line_to(server.base_url) as backend:
            assert [step async for step in backend.prepare(ASK[:1])]
    assert server.requests == []


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (listing("other", "nova-7b"), "nova-7b can be reached at http://127.0.0.1:"),
        (listing("nova-7b:latest"), "nova-7b can be reached at"),
        (listing("other"), "can be reached, but does not list nova-7b"),
        (listing(), "can be reached, but does not list nova-7b"),
        (refused(404), "/v1 can be reached."),
    ],
)
async def test_a_check_asks_for_the_list_of_models(behaviour: Behaviour, words: str) -> None:
    with LoopbackServer(behaviour) as server:
        async with line_to(server.base_url) as backend:
            assert words in await backend.check()
    (request,) = server.requests
    assert request.path == "/v1/models"
    assert request.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (refused(401), "did not accept the key"),
        (refused(200, []), "cannot be read"),
        (refused(200, {"data": 7}), "cannot be read"),
    ],
)
async def test_a_check_that_fails_says_what_to_do_next(behaviour: Behaviour, words: str) -> None:
    with LoopbackServer(behaviour) as server:
        async with line_to(server.base_url) as backend:
            with pytest.raises(BackendError, match=words):
                await backend.check()


def test_openai_is_not_imported_before_it_is_needed() -> None:
    code = (
        "import json, sys; from companion.backends.kinds import known_kinds; known_kinds(); "
        "sys.stdout.write(json.dumps([name for name in ('openai', 'httpx2', 'textual') "
        "if name in sys.modules]))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == []
