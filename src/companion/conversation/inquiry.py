"""Asking the language model something that the user does not wait for."""

from collections.abc import Sequence
from contextlib import aclosing

from companion.domain.message import PromptMessage
from companion.domain.model import JsonSchema, Restarted, TextDelta
from companion.protocols.model import Backend


async def ask(backend: Backend, question: Sequence[PromptMessage], form: JsonSchema) -> str:
    """Return the answer, held to ``form``. Raises ``BackendError`` or ``ModelMissingError``."""
    pieces: list[str] = []
    async with aclosing(backend.stream_reply(question, form=form)) as parts:
        async for part in parts:
            if isinstance(part, Restarted):
                pieces.clear()
            elif isinstance(part, TextDelta):
                pieces.append(part.text)
    return "".join(pieces)
