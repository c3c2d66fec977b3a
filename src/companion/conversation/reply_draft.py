"""A reply while it is being written."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from companion.domain.errors import StoreError
from companion.domain.message import Chunk, Message, Status, Timings
from companion.domain.model import Usage
from companion.protocols.clock import Clock
from companion.protocols.transcript import Transcript
from companion.safety.sanitise import make_harmless

_KEEP_EVERY_SECONDS = 0.4


class ReplyDraft:
    """Collects the pieces of one reply, keeps them on disk, measures how long it takes."""

    def __init__(self, transcript: Transcript, clock: Clock, message: Message) -> None:
        self._transcript = transcript
        self._clock = clock
        self._message = message
        self._started = clock.monotonic()
        self._first: float | None = None
        self._usage = Usage(None, None)
        self._kept = ""
        self._chunks: list[Chunk] = []
        self.text = ""

    def start(self) -> None:
        """Measure from here: the model is ready and about to be asked."""
        self._started = self._clock.monotonic()

    def add(self, piece: str) -> str:
        """Take the next piece as the model wrote it; return what may be shown of it."""
        shown = make_harmless(piece)
        if not self.text:
            shown = shown.lstrip()
        if shown:
            self._measure(shown)
        self.text += shown
        return shown

    def put(self, words: str) -> str:
        """Put words that no model wrote in place of what came; nothing is measured."""
        self.text, self._first, self._chunks = words, None, []
        return words

    def count(self, usage: Usage) -> None:
        """Take what the server says the reply cost."""
        self._usage = usage

    def begin_again(self) -> None:
        """Forget what came: the backend starts the reply over."""
        self.text, self._first, self._chunks = "", None, []
        self.start()

    def end(self, status: Status, error: str | None = None) -> Message:
        """Close the reply in the transcript. Blocks for one transaction."""
        total = self._clock.monotonic() - self._started
        tokens = (self._usage.prompt_tokens, self._usage.reply_tokens)
        timings = Timings(self._first, total, *tokens, chunks=tuple(self._chunks))
        return self._transcript.end_reply(
            self._message.id, self.text.rstrip(), status, timings, self._clock.now(), error
        )

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep the text on disk while the block runs, at least every half second."""
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    def _measure(self, shown: str) -> None:
        seconds = self._clock.monotonic() - self._started
        self._first = seconds if self._first is None else self._first
        self._chunks.append(Chunk(round(seconds, 3), len(shown)))

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_KEEP_EVERY_SECONDS)
            if self.text != self._kept:
                text = self.text
                # The next try may succeed, and the end of the reply tells if none does.
                with suppress(StoreError):
                    await asyncio.to_thread(self._transcript.keep_partial, self._message.id, text)
                    self._kept = text
