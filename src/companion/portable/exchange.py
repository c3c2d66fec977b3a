"""What leaves as files and what comes in from files, for a person at the command line."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from companion.domain.errors import ImportFormatError
from companion.domain.memory import ForeignTurn, ImportReport
from companion.domain.taking_in import Preview, Restored
from companion.portable.formats import NAMES, Format, Incoming, find_format
from companion.portable.lines import Progress
from companion.protocols.clock import Clock
from companion.protocols.memory import Importer
from companion.protocols.portable import Eraser, Exporter, Restorer
from companion.safety.sanitise import make_harmless

if TYPE_CHECKING:
    from companion.domain.records import Record

_FIRST_WORDS = 60
_NO_PIPE = "A database cannot come through a pipe. Name its file."

LogReader = Callable[[Path, Progress], Iterator[ForeignTurn]]


class Exchange:
    """Exports, imports and, through ``eraser``, erases.

    A context manager that closes the database.
    """

    def __init__(
        self,
        exporter: Exporter,
        restorer: Restorer,
        importer: Importer,
        eraser: Eraser,
        read_logs: LogReader,
        clock: Clock,
        persona: str,
        close: Callable[[], None],
    ) -> None:
        self._exporter = exporter
        self._restorer = restorer
        self._importer = importer
        self.eraser = eraser
        self._read_logs = read_logs
        self._clock = clock
        self._persona = persona
        self._close = close

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    @property
    def now(self) -> datetime:
        """The time of an export that is made now, in the user's zone."""
        return self._clock.now()

    def export_lines(self) -> Iterator[str]:
        """Yield everything as lines of JSON. Raises ``StoreError``."""
        from companion.portable.record_lines import write_records

        return write_records(self._exporter.records(), self.now)

    def export_markdown(self) -> Iterator[str]:
        """Yield everything as Markdown for people. Raises ``StoreError``."""
        from companion.portable.markdown import write_markdown

        return write_markdown(self._exporter.records(), self.now)

    def preview(self, file: Incoming, form: Format | None, progress: Progress) -> Preview:
        """Return what a file holds and keep nothing. Raises ``ImportFormatError``."""
        form = form or find_format(file)
        if form is Format.COMPANION:
            said = _find_said(self._read_export(file, progress))
        else:
            said = (
                (turn.conversation, turn.at, turn.text)
                for turn in self._read_turns(file, form, progress)
            )
        return _summarise(NAMES[form], said)

    def take_in(
        self, file: Incoming, form: Format | None, progress: Progress
    ) -> ImportReport | Restored:
        """Import a file, all of it or nothing.

        Raises ``ImportFormatError`` or ``StoreError``.
        """
        form = form or find_format(file)
        if form is Format.COMPANION:
            return self._restorer.restore(self._read_export(file, progress))
        return self._importer.add(self._read_turns(file, form, progress), self._persona)

    def _read_export(self, file: Incoming, progress: Progress) -> "Iterator[Record]":
        from companion.portable.record_lines import read_records

        return read_records(file.stream, progress)

    def _read_turns(
        self, file: Incoming, form: Format, progress: Progress
    ) -> Iterator[ForeignTurn]:
        for turn in self._choose_reader(file, form, progress):
            yield replace(
                turn,
                conversation=make_harmless(turn.conversation),
                id=make_harmless(turn.id),
                speaker=make_harmless(turn.speaker),
                text=make_harmless(turn.text),
                title=" ".join(make_harmless(turn.title).split()),
            )

    def _choose_reader(
        self, file: Incoming, form: Format, progress: Progress
    ) -> Iterator[ForeignTurn]:
        match form:
            case Format.LLM:
                if file.path is None:
                    raise ImportFormatError(_NO_PIPE)
                return self._read_logs(file.path, progress)
            case Format.CHATGPT:
                from companion.portable.chatgpt import read_chatgpt

                return read_chatgpt(file.stream, progress)
            case Format.SILLYTAVERN:
                from companion.portable.sillytavern import read_sillytavern

                return read_sillytavern(
                    file.stream, file.path.stem if file.path else "SillyTavern", progress
                )
            case _:
                from companion.portable.turn_lines import read_turns

                return read_turns(file.stream, progress)


def _find_said(records: "Iterable[Record]") -> Iterator[tuple[str, datetime, str]]:
    from companion.domain.records import MessageRecord

    for record in records:
        if isinstance(record, MessageRecord):
            at = datetime.fromisoformat(record.created_at)
            yield str(record.conversation_id), at, record.text


def _summarise(form: str, said: Iterable[tuple[str, datetime, str]]) -> Preview:
    conversations: set[str] = set()
    messages = 0
    since = until = None
    first = ""
    for conversation, at, text in said:
        conversations.add(conversation)
        messages += 1
        if since is None or at < since:
            since, first = at, text
        until = at if until is None else max(until, at)
    words = " ".join(first[: 4 * _FIRST_WORDS].split())
    if len(words) > _FIRST_WORDS:
        words = words[:_FIRST_WORDS].rstrip() + "…"
    return Preview(form, len(conversations), messages, since, until, words)
