"""The endpoint: ``GET /v1/models`` and ``POST /v1/chat/completions``."""

import asyncio
import hmac
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from companion.domain.errors import CompanionError
from companion.domain.message import Message
from companion.safety.sanitise import make_harmless
from companion.serving.shapes import Answering, ChatRequest, to_error, to_event
from companion.serving.talks import Aside, Talks, Void

HEADER = "x-companion-conversation"
"""Names the conversation where a client cannot send ``user``."""
_LARGEST_BODY = 4_000_000
_LONGEST_NAME = 100
_FAILED = "server_error"
_LEFT = 499
"""What servers note of a client that did not wait; nobody reads it."""

Handler = Callable[[Request], Awaitable[Response]]


def make_app(talks: Talks, key: str) -> Starlette:
    """Return the application. Whoever asks has to show ``key``."""

    async def models(_: Request) -> Response:
        model = {"id": talks.name, "object": "model", "created": 0, "owned_by": "companion"}
        return JSONResponse({"object": "list", "data": [model]})

    async def complete(request: Request) -> Response:
        return await _complete(talks, request)

    routes = [
        Route("/v1/models", _guard(key, models)),
        Route("/v1/chat/completions", _guard(key, complete), methods=["POST"]),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _refuse})


def _guard(key: str, handler: Handler) -> Handler:
    async def check(request: Request) -> Response:
        shown = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(shown, f"Bearer {key}".encode()):
            said = to_error("Show the key that companion serve names: Authorization: Bearer KEY.")
            return JSONResponse(said, 401, {"WWW-Authenticate": "Bearer"})
        return await handler(request)

    return check


def _explain(error: ValidationError) -> str:
    problems = error.errors(include_input=False, include_url=False)
    if any(each["type"] == "literal_error" for each in problems):
        return "She reads text only: leave pictures, sounds and files out of the messages."
    place = ".".join(map(str, problems[0]["loc"])) or "the request"
    return f"{place}: {problems[0]['msg']}"


async def _refuse(_: Request, error: Exception) -> Response:
    """Answer as the protocol does where there is no such address or method."""
    assert isinstance(error, HTTPException)
    said = f"{error.detail}. There are GET /v1/models and POST /v1/chat/completions."
    return JSONResponse(to_error(said), error.status_code, error.headers)


async def _complete(talks: Talks, request: Request) -> Response:
    try:
        asked = ChatRequest.model_validate_json(await _read(request))
    except ValidationError as error:
        return JSONResponse(to_error(_explain(error)), 400)
    except ValueError as error:
        return JSONResponse(to_error(str(error)), 413)
    if asked.messages[-1].role != "user":
        return JSONResponse(to_error("The last message has to be the user's."), 400)
    if not make_harmless(asked.messages[-1].text).strip():
        return JSONResponse(to_error("There is nothing to say in that message."), 400)
    user = asked.user or request.headers.get(HEADER, "")
    if len(user) > _LONGEST_NAME:
        said = f"The name of a conversation has at most {_LONGEST_NAME} characters."
        return JSONResponse(to_error(said), 400)
    answering = Answering(talks.name, secrets.token_hex(12))
    if asked.stream:
        stream = _stream(talks, user, asked, answering)
        return StreamingResponse(stream, media_type="text/event-stream")
    return await _unless_left(request, _answer_whole(talks, user, asked, answering))


async def _unless_left(request: Request, answer: Coroutine[Any, Any, Response]) -> Response:
    """Return the answer, or stop her where the client hangs up before it is whole."""
    answering = asyncio.create_task(answer)
    leaving = asyncio.create_task(_wait_until_left(request))
    try:
        await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        return answering.result() if answering.done() else Response(status_code=_LEFT)
    finally:
        answering.cancel()
        leaving.cancel()
        await asyncio.gather(answering, leaving, return_exceptions=True)


async def _wait_until_left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _read(request: Request) -> bytes:
    """Return the body. Raises ``ValueError`` where it is too large to be a conversation."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST_BODY:
            raise ValueError(f"The request is larger than {_LARGEST_BODY:,} bytes.")
    return bytes(body)


async def _answer_whole(
    talks: Talks, user: str, asked: ChatRequest, answering: Answering
) -> Response:
    said, reply, grave, kept = "", "", False, None
    try:
        async with aclosing(talks.answer(user, asked.messages[-1].text)) as parts:
            async for part in parts:
                match part:
                    case Message():
                        kept = part
                    case Aside():
                        said, grave = said + part.text, grave or part.grave
                    case Void():
                        reply = ""
                    case str():
                        reply += part
    except CompanionError as error:
        return JSONResponse(to_error(str(error)), 400)
    if kept is None or (kept.error and not grave):
        return JSONResponse(to_error(_tell_problem(kept), _FAILED), 502)
    return JSONResponse(answering.whole(said + reply, kept))


async def _stream(
    talks: Talks, user: str, asked: ChatRequest, answering: Answering
) -> AsyncGenerator[str, None]:
    kept = None
    yield answering.piece({"role": "assistant", "content": ""})
    try:
        async with aclosing(talks.answer(user, asked.messages[-1].text)) as parts:
            async for part in parts:
                match part:
                    case Message():
                        kept = part
                    case Void():
                        # What a client has shown cannot be taken back.
                        yield answering.piece({"content": "\n\n"})
                    case Aside():
                        yield answering.piece({"content": part.text})
                    case str():
                        yield answering.piece({"content": part})
    except CompanionError as error:
        yield to_event(to_error(str(error)))
        return
    if kept is None or kept.error:
        yield to_event(to_error(_tell_problem(kept), _FAILED))
        return
    usage = asked.stream_options is not None and asked.stream_options.include_usage
    yield answering.piece({}, "stop")
    yield answering.last(kept.timings, usage=usage)


def _tell_problem(kept: Message | None) -> str:
    return (kept.error if kept else None) or "The turn ended without an answer."
