"""``companion replay``: play recorded conversations again, and see what changed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.output import JsonFlag, print_json, print_notice, print_table
from companion.domain.errors import SessionError

if TYPE_CHECKING:
    from companion.replay.batch import Job
    from companion.replay.comparison import ComparedSession, Verdict

_SHOWN = 20
_DIFFS = 5


def replay(
    files: Annotated[
        list[Path],
        typer.Argument(help="Session files, or chats in OpenAI's or ShareGPT's form."),
    ],
    recorded: Annotated[
        bool,
        typer.Option("--recorded", help="Let the recorded replies stand in for the model; usual."),
    ] = False,
    prompts: Annotated[
        Path | None, typer.Option(help="A folder of prompts that win over yours and ours.")
    ] = None,
    persona: Annotated[str, typer.Option(help="Another persona than the recorded one.")] = "",
    jobs: Annotated[
        int, typer.Option(min=0, help="How many sessions at once; 0 for one a processor.")
    ] = 0,
    expect: Annotated[
        bool,
        typer.Option("--expect", help="Check what FILE.expect.toml beside each file expects."),
    ] = False,
    junit: Annotated[Path | None, typer.Option(help="Write the results as JUnit XML.")] = None,
    markdown: Annotated[
        Path | None, typer.Option(help="Write a report as Markdown; - prints it.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Play conversations again in a database of their own, and compare.

    Ends with status 1 where something differs, an expectation fails or a file cannot be read.
    """
    from companion.replay.batch import Place, compare_recorded, count_processes
    from companion.replay.comparison import EVERYTHING

    environ = dict(os.environ)
    reading = read_files(files)
    place = Place(environ, prompts, persona)
    compared = list(compare_recorded(place, reading.jobs, jobs or count_processes()))
