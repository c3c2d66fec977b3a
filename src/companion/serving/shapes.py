"""Requests and answers as the OpenAI chat protocol has them."""

import json
import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from companion.domain.message import Message, Timings

_DONE = "data: [DONE]\n\n"


class TextPart(BaseModel):
    """A piece of a message."""

    type: Literal["text"]
    text: str


class ChatMessage(BaseModel):
    """One message of a request."""

    role: str
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """All that it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """What is told along with a stream."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """What we read of a request; the rest of it does not matter here.

    Of ``messages`` only the last one counts: she remembers the others herself.
    """

    messages: Annotated[list[ChatMessage], Field(min_length=1)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    user: str | None = None


class Answering:
    """Makes the answers to one request."""

    def __init__(self, model: str, number: str) -> None:
        self._head = {"id": f"chatcmpl-{number}", "created": int(time.time()), "model": model}

    def piece(self, delta: dict[str, str], finish: str | None = None) -> str:
        """Return one event of a stream."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return to_event({**self._head, "object": "chat.completion.chunk", "choices": [choice]})

    def last(self, timings: Timings, *, usage: bool) -> str:
        """Return the end of a stream."""
        told = {"object": "chat.completion.chunk", "choices": [], "usage": count_usage(timings)}
        return (to_event({**self._head, **told}) if usage else "") + _DONE

    def whole(self, text: str, kept: Message) -> dict[str, Any]:
        """Return an answer in one piece."""
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "finish_reason": "stop",
        }
        return {
            **self._head,
            "object": "chat.completion",
            "choices": [choice],
            "usage": count_usage(kept.timings),
        }


def count_usage(timings: Timings) -> dict[str, int]:
    """Return what a reply cost; what the model does not tell counts as nothing."""
    read, written = timings.prompt_tokens or 0, timings.reply_tokens or 0
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def to_error(message: str, kind: str = "invalid_request_error") -> dict[str, Any]:
    """Return what says that something went wrong."""
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def to_event(values: object) -> str:
    """Return one event."""
    return f"data: {json.dumps(values, ensure_ascii=False)}\n\n"
