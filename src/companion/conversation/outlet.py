"""Screening what the model says, sentence by sentence, before it is shown.

Outside of danger a sentence is shown as it comes, and taken back where it turns out
wrong; to somebody in danger nothing is shown before it was judged whole.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field

from companion.domain.care import Stance
from companion.domain.message import Message
from companion.domain.model import ReplyPart, Restarted, TextDelta
from companion.domain.safety import Fault
from companion.prompting.crisis import CrisisBook
from companion.safety.farewells import is_farewell
from companion.safety.output import asks_what_she_is, find_fault

_END = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019)*]*(?=\s)|\n+")
_ENDING = (Fault.METHOD, Fault.ENCOURAGEMENT)
_DIFFERENTLY = "She puts that differently."


@dataclass(slots=True)
class Outlet:
    """What of one reply may be said. ``ended`` is true where nothing may follow.

    ``minor``: the user said that they are under 18.
    """

    book: CrisisBook
    stance: Stance
    message: Message
    minor: bool = False
    ended: bool = False
    _farewell: bool = field(init=False)
    _asked: bool = field(init=False)
    _said: str = ""
    _held: str = ""
    _shown: int = 0
    _faults: set[Fault] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._farewell = is_farewell(self.message.text)
        self._asked = asks_what_she_is(self.message.text)

    def hear(self, text: str) -> list[ReplyPart]:
        """Take the next piece; return what may be shown now."""
        self._held += text
        parts: list[ReplyPart] = []
        while not self.ended and (end := _END.search(self._held)):
            sentence, self._held = self._held[: end.end()], self._held[end.end() :]
            parts += self._judge(sentence)
        if not (self.ended or self.stance.crisis or self._fault(self._held)):
            parts += self._show(self._held[self._shown :])
            self._shown = len(self._held)
        return parts

    def finish(self) -> list[ReplyPart]:
        """Return what is left when the model has finished."""
        return [] if self.ended else self._judge(self._held)

    def begin_again(self) -> None:
        """Forget what came: the model starts over."""
        self._said, self._held, self._shown = "", "", 0
        self._faults.clear()

    def _judge(self, sentence: str) -> list[ReplyPart]:
        fault = self._fault(sentence)
        shown, self._shown = self._shown, 0
        if fault is None:
            self._said += sentence
            return self._show(sentence[shown:])
        parts: list[ReplyPart] = []
        if shown:
            parts = [Restarted(_DIFFERENTLY), *self._show(self._said)]
        self.ended = fault in _ENDING
        if fault in self._faults:
            return parts
        self._faults.add(fault)
        instead = self._replace(fault, sentence)
        self._said += instead
        return [*parts, *self._show(instead)]

    def _replace(self, fault: Fault, sentence: str) -> str:
        lead = sentence[: len(sentence) - len(sentence.lstrip())]
        gap = " " if self._said and not (lead or self._said[-1].isspace()) else lead
        return gap + self.book.replace(fault, self.message.id)

    def _fault(self, sentence: str) -> Fault | None:
        return find_fault(
            sentence,
            danger=self.stance.crisis,
            farewell=self._farewell,
            minor=self.minor,
            asked=self._asked,
        )

    def _show(self, text: str) -> list[ReplyPart]:
        return [TextDelta(text)] if text else []


async def screen_reply(
    parts: AsyncIterator[ReplyPart], outlet: Outlet
) -> AsyncGenerator[ReplyPart, None]:
    """Yield a reply without what may not be said, and what is said in its place."""
    async for part in parts:
        if isinstance(part, TextDelta):
            for shown in outlet.hear(part.text):
                yield shown
            if outlet.ended:
                return
            continue
        if isinstance(part, Restarted):
            outlet.begin_again()
        yield part
    for shown in outlet.finish():
        yield shown
