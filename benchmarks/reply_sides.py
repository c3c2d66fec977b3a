"""Who is asked: the same weights plainly, in our prompt layer, and there with the adapter.

What a side said is kept in ``FOLDER/SIDE.json``, so that a run that was stopped goes on, and a
side that did not change need not be asked again.
"""

import json
import re
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from first_token import opened

from companion.backends.failures import Server
from companion.backends.openai_compatible import OpenAICompatibleBackend
from companion.conversation.companion import Companion
from companion.conversation.engine import Conversation
from companion.domain.message import PromptMessage, Role
from companion.domain.model import ModelProfile, TextDelta
from companion.domain.turn_events import ReplyEnded
from companion.local_model.catalogue import find_entry
from companion.local_model.engine import EmbeddedEngine
from companion.locations import find_locations
from companion.protocols.model import Backend

PLAIN, LAYER, ADAPTER = "plain", "layer", "adapter"
_PLAIN_PROMPT = "You are a helpful, empathetic companion."
_FIRST = {
    **{"You are": "I am", "You were": "I was", "You": "I", "Your": "My", "you are": "I am"},
    **{"you were": "I was", "you": "me", "your": "my", "yours": "mine", "yourself": "myself"},
}
_YOU = re.compile(rf"\b(?:{'|'.join(_FIRST)})\b")
_KNOWN = "What you know about the user: {}"


@dataclass(frozen=True, slots=True)
class Situation:
    """What somebody says, line by line; the reply to the last line counts.

    ``memories`` are known before. A reply that draws on those that belong here has one of the
    words in ``shows``; one that makes something up has one of those in ``betrays``.
    """

    id: str
    lines: tuple[str, ...]
    memories: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    betrays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A reply, what was shown before it as an example, and what it cost.

    ``prompt_tokens`` counts the whole prompt, ``first_token`` is in seconds.
    """

    reply: str
    shown: str = ""
    prompt_tokens: int | None = None
    first_token: float | None = None


class Side:
    """One side, and what it said to situations by their ids."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._file = folder / f"{name}.json"
        kept = json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}
        self.said = {number: Said(**each) for number, each in kept.items()}

    async def hear(self, model: str, situations: Sequence[Situation], adapter: str) -> None:
        """Ask for every reply that is not kept yet."""
        missing = [each for each in situations if each.id not in self.said]
        if not missing:
            return
        async with aclosing(self._ask(model, missing, adapter)) as replies:
            async for situation, said in replies:
                self.said[situation.id] = said
                kept = {number: asdict(each) for number, each in self.said.items()}
                self._file.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")

    async def _ask(
        self, model: str, situations: Sequence[Situation], adapter: str
    ) -> AsyncGenerator[tuple[Situation, Said], None]:
        if self.name == PLAIN:
            async with _opened_plainly(model) as backend:
                for each in situations:
                    yield each, await _ask_plainly(backend, each)
            return
        with tempfile.TemporaryDirectory() as folder:
            async with opened(model, Path(folder), adapter) as (companion, _):
                for each in situations:
                    yield each, await _tell(companion, each)


async def _tell(companion: Companion, situation: Situation) -> Said:
    """Return her reply in a life of its own: nothing of it may be remembered in the next."""
    told = [_in_first_person(text) for text in situation.memories]
    written = [await companion.memories.add(text) for text in told]
    for memory in written:
        await companion.memories.pin(memory.id)
    conversation = await companion.begin(greet=False)
    said = await _talk(conversation, situation.lines)
    await companion.delete(conversation.id)
    await companion.memories.forget([memory.id for memory in written])
    return said


def _in_first_person(memory: str) -> str:
    """Return a memory, told of "you", as the person told it."""
    return _YOU.sub(lambda found: _FIRST[found[0]], memory)


async def _talk(conversation: Conversation, lines: Sequence[str]) -> Said:
    for line in lines:
        async for event in conversation.take_turn(line):
            if isinstance(event, ReplyEnded):
                answer = event.message
    if answer.error:
        raise SystemExit(answer.error)
    prompt = await conversation.prompt()
    shown = " ".join(message.content for message in prompt.examples)
    took = answer.timings
    return Said(answer.text, shown, took.prompt_tokens, took.first_token)


@asynccontextmanager
async def _opened_plainly(model: str) -> AsyncGenerator[Backend, None]:
    """Serve the same weights with nothing of ours: no biased words, no persona."""
    locations, entry = find_locations(), find_entry(model)
    engine = EmbeddedEngine(entry, locations.models, locations.log_file)
    endpoint = await engine.start()
    profile = ModelProfile(reply_tokens=300, sampling=entry.sampling)
    server = Server("plain", model, endpoint.base_url, None, 60.0)
    backend = OpenAICompatibleBackend(server, endpoint, profile)
    try:
        yield backend
    finally:
        await backend.close()
        await engine.stop()


async def _ask_plainly(bare: Backend, situation: Situation) -> Said:
    """Return what the model says with the plain prompt, and the memories in it."""
    known = _KNOWN.format(" ".join(situation.memories)) if situation.memories else ""
    messages = [PromptMessage(Role.SYSTEM, f"{_PLAIN_PROMPT} {known}".strip())]
    reply = ""
    for line in situation.lines:
        messages.append(PromptMessage(Role.USER, line))
        async with aclosing(bare.stream_reply(messages)) as parts:
            reply = "".join([part.text async for part in parts if isinstance(part, TextDelta)])
        messages.append(PromptMessage(Role.ASSISTANT, reply))
    return Said(reply)
