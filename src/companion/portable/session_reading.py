"""A session out of the lines of a file, as far as they can be read."""

from dataclasses import replace
from typing import Any, BinaryIO

from pydantic import TypeAdapter, ValidationError

from companion.domain.errors import ImportFormatError, SessionError
from companion.domain.message import PromptMessage
from companion.domain.session import (
    FORMAT,
    VERSION,
    AnyLine,
    EndLine,
    GreetingLine,
    GuidanceLine,
    HeaderLine,
    MemoriesLine,
    MoodLine,
    PastLine,
    PromptLine,
    RecalledLine,
    ReplyLine,
    SaidLine,
    ScreenedLine,
    Session,
    SessionTurn,
    TurnLine,
)
from companion.portable.lines import clean, read_objects

_ADAPTER: TypeAdapter[AnyLine] = TypeAdapter(AnyLine)
_ORDER = (
    *(SaidLine, ScreenedLine, MoodLine, GuidanceLine, MemoriesLine, RecalledLine),
    *(PromptLine, ReplyLine),
)
_PLACE = {kind: place for place, kind in enumerate(_ORDER)}
_NEWER = "it was written by a newer version of Companion. Update Companion and try again."
_HALF = "It ends too early: the last line of a session is missing. Export it again."
_ADVICE = " Nothing was imported; mend that line and try again."


def read_session(stream: BinaryIO, name: str) -> Session:
    """Return the session in a file called ``name``, as far as it can be read.

    Where it breaks off, ``problem`` says why, and only whole turns are in it. Raises
    ``SessionError`` where nothing of it can be used.
    """
    reading = _Reading()
    objects = read_objects(stream, lambda _: None)
    try:
        number, fields = next(objects, (1, {}))
        header = _read_header(fields, name)
        for number, fields in objects:
            reading.take(_to_line(fields, number))
        problem = "" if reading.ended else _HALF
    except ImportFormatError as error:
        problem = str(error).removesuffix(_ADVICE)
        if number == 1 and not reading.begun:
            raise SessionError(f"{name} is no session file: {problem}") from None
    return reading.finish(header, problem)


def _read_header(fields: dict[str, object], name: str) -> HeaderLine:
    version = fields.get("version")
    if fields.get("format") != FORMAT or not isinstance(version, int):
        raise SessionError(f"{name} is no session file: its first line is not a header.")
    if version > VERSION:
        raise SessionError(f"{name} cannot be read: {_NEWER}")
    try:
        return HeaderLine.model_validate(clean(fields))
    except ValidationError as error:
        raise SessionError(f"{name} cannot be read: {_explain(error)} in its header.") from None


def _to_line(fields: dict[str, object], number: int) -> AnyLine:
    try:
        return _ADAPTER.validate_python(clean(fields))
    except ValidationError as error:
        raise ImportFormatError(f"Line {number} is not valid: {_explain(error)}.") from None


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    what = first["msg"][:1].lower() + first["msg"][1:]
    return f'"{where}": {what}' if where else what


class _Reading:
    """Gathers lines into turns."""

    def __init__(self) -> None:
        self._past: list[PastLine] = []
        self._greeting: GreetingLine | None = None
        self._turns: list[SessionTurn] = []
        self._place = 0
        self._count = 0
        self._known: tuple[PromptMessage, ...] = ()
        self.ended = False

    @property
    def begun(self) -> bool:
        """Whether anything was read."""
        return self._count > 0

    def take(self, line: AnyLine) -> None:
        """Take the next line. Raises ``ImportFormatError`` where it does not belong there."""
        if self.ended:
            raise _stray(self._count, "it comes after the end")
        match line:
            case EndLine():
                self._end(line)
                return
            case SaidLine():
                self._begin_turn(line)
            case PastLine() | GreetingLine() | HeaderLine():
                self._take_before(line)
            case _:
                self._go_on(line)
        self._count += 1

    def finish(self, header: HeaderLine, problem: str) -> Session:
        """Return what was read; a last turn that may not be whole is left out."""
        whole = self._turns if self.ended or not self._turns else self._turns[:-1]
        past = tuple(line.record for line in self._past)
        return Session(header, past, self._greeting, tuple(whole), problem)

    def _end(self, line: EndLine) -> None:
        if line.lines != self._count:
            raise _stray(self._count, f"{self._count} lines are here and not {line.lines}")
        self.ended = True

    def _take_before(self, line: PastLine | GreetingLine | HeaderLine) -> None:
        if self._turns or self._greeting or isinstance(line, HeaderLine):
            raise _stray(self._count, "it belongs before what was said")
        if isinstance(line, PastLine):
            self._past.append(line)
        else:
            self._greeting = line

    def _begin_turn(self, line: SaidLine) -> None:
        if line.turn != len(self._turns) + 1:
            raise _stray(self._count, f"turn {line.turn} comes out of order")
        if self._turns and line.at < self._turns[-1].said.at:
            raise _stray(self._count, "its time is before that of the turn before it")
        self._turns.append(SessionTurn(line))
        self._place = 0

    def _go_on(self, line: TurnLine) -> None:
        place = _PLACE[type(line)]
        if line.turn != len(self._turns) or place < self._place:
            raise _stray(self._count, f"a line of turn {line.turn} comes out of order")
        self._place = place
        turn = self._turns[-1]
        match line:
            case MoodLine():
                turn = replace(turn, moods=(*turn.moods, line))
            case PromptLine():
                turn = replace(turn, prompt=line, messages=self._lengthen(line))
            case _:
                turn = _add(turn, line)
        self._turns[-1] = turn

    def _lengthen(self, line: PromptLine) -> tuple[PromptMessage, ...] | None:
        if line.adds is None or line.keeps is None:
            self._known = ()
            return None
        if line.keeps > len(self._known):
            raise _stray(self._count, "its prompt goes on from one that is not there")
        added = (PromptMessage(part.role, part.content) for part in line.adds)
        self._known = (*self._known[: line.keeps], *added)
        return self._known


def _add(turn: SessionTurn, line: TurnLine) -> SessionTurn:
    changes: dict[str, Any] = {line.line: line}
    return replace(turn, **changes)


def _stray(count: int, why: str) -> ImportFormatError:
    return ImportFormatError(f"Line {count + 2} is out of place: {why}.")
