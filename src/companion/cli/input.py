"""What the user gives to a command: words, standard input, a point in time."""

import re
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from pathlib import Path

import typer

from companion.cli.output import print_notice
from companion.domain.errors import CompanionError, ImportFormatError
from companion.passphrases import ask_secret, read_piped_secret

_UNITS = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def read_words(words: list[str] | None, question: str) -> str:
    """Return the words of the command line, or all of standard input without them.

    In a terminal ``question`` is asked first. Raises ``CompanionError`` for bytes that
    are no text.
    """
    if words and words != ["-"]:
        return " ".join(words)
    if sys.stdin.isatty():
        print_notice(f"{question} End with Ctrl-D.")
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise CompanionError(
            "Standard input is not UTF-8 text. Convert it first, with iconv for example."
        ) from None


def open_bytes(file: Path, stack: ExitStack) -> BufferedReader:
    """Open a file until ``stack`` ends; - is standard input. Raises ``ImportFormatError``."""
    if str(file) == "-":
        assert isinstance(sys.stdin.buffer, BufferedReader)
        return sys.stdin.buffer
    try:
        return stack.enter_context(file.open("rb"))
    except OSError as error:
        raise ImportFormatError(
            f"{file} cannot be read ({error.strerror}). Check its name and try again."
        ) from error


def read_secret(*questions: str) -> str:
    """Ask for a secret without showing it, or read a line of standard input in a pipe.

    Each of ``questions`` asks for the same. Raises ``CompanionError`` if the answers differ
    or are no text.
    """
    if not sys.stdin.isatty():
        return read_piped_secret()
    try:
        answers = {ask_secret(question) for question in questions}
    except EOFError:
        raise KeyboardInterrupt from None
    if len(answers) > 1:
        raise CompanionError("The two are not the same. Nothing was changed; try again.")
    return answers.pop()


def parse_since(text: str, now: datetime) -> datetime:
    """Return the time that ``30d`` or ``2026-11-01`` means. Raises ``typer.BadParameter``."""
    try:
        moment = _find_moment(text.strip(), now)
    except (ValueError, OverflowError, OSError):
        raise typer.BadParameter(
            f"{text!r} is no time that I know. Write 12h, 30d, 6w, 2y or a date "
            "such as 2026-11-01.",
            param_hint="--since",
        ) from None
    if moment > now:
        raise typer.BadParameter(f"{text} lies in the future.", param_hint="--since")
    return moment


def _find_moment(text: str, now: datetime) -> datetime:
    span = re.fullmatch(r"([0-9]{1,9})([hdwy])", text.lower())
    if span:
        reach = int(span[1]) * _UNITS[span[2]]
        return now - reach if reach < now - _LONG_AGO else _LONG_AGO
    moment = datetime.fromisoformat(text)
    if moment.year <= _LONG_AGO.year:
        return _LONG_AGO
    return moment if moment.tzinfo else moment.astimezone()
