"""Appraising messages from standard input, line by line, without keeping anything."""

import json
import sys
from collections.abc import Iterator

import typer

from companion.cli.mood_view import appraisal_object, clip, signed
from companion.cli.output import print_notice
from companion.domain.errors import CompanionError
from companion.domain.mood import Appraisal
from companion.mood.wording import name_appraisal
from companion.protocols.mood import MoodReader
from companion.safety.sanitise import make_harmless


def appraise_lines(reader: MoodReader, *, as_json: bool) -> None:
    """Print how the writer of each line feels, as soon as the line is there."""
    if sys.stdin.isatty():
        print_notice("Write one message a line. End with Ctrl-D.")
    for text in _read_lines():
        appraisal = reader.appraise(text)
        if as_json:
            # Pure ASCII: a line separator in the evidence must not look like a new line.
            typer.echo(json.dumps(appraisal_object(appraisal)))
        else:
            typer.echo(_to_line(text, appraisal))


def _read_lines() -> Iterator[str]:
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            yield line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8")
        except UnicodeDecodeError:
            raise CompanionError(
                f"Line {number} is not UTF-8 text. Convert the input first, with iconv for example."
            ) from None


def _to_line(text: str, appraisal: Appraisal) -> str:
    word, beginning = name_appraisal(appraisal), clip(make_harmless(text[:1000]))
    return f"{signed(appraisal):>4}  {word:<24}  {beginning}".rstrip()
