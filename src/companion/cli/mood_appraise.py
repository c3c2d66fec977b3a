"""Appraising messages from standard input, line by line, without keeping anything."""

import json
import sys
from collections.abc import Iterator

import typer

from companion.cli.mood_view import appraisal_object, clip, signed
from companion.cli.output import print_notice
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
    """Yield every line; what is no text in one stands as a replacement character."""
    broken = []
    for number, line in enumerate(sys.stdin.buffer, start=1):
        raw = line.removesuffix(b"\n").removesuffix(b"\r")
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError:
            broken.append(number)
            yield raw.decode("utf-8", errors="replace")
    if broken:
        lines = f"Line {broken[0]} was" if len(broken) == 1 else f"{len(broken)} lines were"
        print_notice(f"{lines} not UTF-8 text. What could not be read in them was left open.")


def _to_line(text: str, appraisal: Appraisal) -> str:
    word, beginning = name_appraisal(appraisal), clip(make_harmless(text[:1000]))
    return f"{signed(appraisal):>4}  {word:<24}  {beginning}".rstrip()
