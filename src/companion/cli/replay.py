"""``companion replay``: play recorded conversations again, and see what changed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from companion.cli.output import JsonFlag

if TYPE_CHECKING:
    from companion.replay.batch import Place
    from companion.replay.comparison import ComparedSession
    from companion.replay.judge import Judge
    from companion.replay.live import Mind
    from companion.replay.reading import Playbill


@dataclass(frozen=True, slots=True)
class Running:
    """How a live replay is run."""

    repeat: int
    at_once: int
    restart: bool
    cassette: Literal["record", "replay"] | None
    tape: Path
    judge: str

    def times(self) -> tuple[int, int, bool]:
        """Return how many runs, how many sessions at once, and whether to begin anew."""
        return self.repeat, self.at_once, self.restart


def replay(
    files: Annotated[
        list[Path], typer.Argument(help="Session files, or chats of OpenAI's or ShareGPT's form.")
    ],
    recorded: Annotated[
        bool, typer.Option("--recorded", help="The recorded replies stand in for the model; usual.")
    ] = False,
    live: Annotated[bool, typer.Option("--live", help="A model answers again.")] = False,
    backend: Annotated[str | None, typer.Option(help="Live: who answers.")] = None,
    model: Annotated[str | None, typer.Option(help="Live: another model of it.")] = None,
    prompts: Annotated[
        Path | None,
        typer.Option(help="A folder of prompts that win.", exists=True, file_okay=False),
    ] = None,
    persona: Annotated[str, typer.Option(help="Another persona than the recorded one.")] = "",
    seed: Annotated[int | None, typer.Option(help="Live: the seed of the first run.")] = None,
    repeat: Annotated[int, typer.Option(min=1, help="Live: how many runs.")] = 1,
    jobs: Annotated[
        int, typer.Option(min=0, help="Sessions at once; 0: one a processor, or one if live.")
    ] = 0,
    freely: Annotated[
        bool, typer.Option("--freely", help="Live: each turn sees the new replies before it.")
    ] = False,
    against: Annotated[
        str, typer.Option(help="Live: several minds, as backend, backend:model or folder,…")
    ] = "",
    judge: Annotated[
        str, typer.Option(help="Live: a backend, or backend:model, says which reply is better.")
    ] = "",
    restart: Annotated[
        bool, typer.Option("--restart", help="Live: ask again what an interrupted run has.")
    ] = False,
    cassette: Annotated[
        Literal["record", "replay"] | None,
        typer.Option(help="Live: keep what goes to the server in --tape, or play that."),
    ] = None,
    tape: Annotated[Path, typer.Option(help="The file of the cassette.")] = Path("cassette.jsonl"),
    expect: Annotated[
        bool, typer.Option("--expect", help="Check the FILE.expect.toml beside each file.")
    ] = False,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write Markdown; - prints it.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write one page with all of it.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over files that are there.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Play conversations again, in a database of their own, and compare.

    Ends with status 1 where something differs, an expectation fails or not all was
    compared; what a live model says differently is shown and does not count.
    """
    from companion.cli.replay_output import Outputs
    from companion.replay.batch import Place
    from companion.replay.comparison import EVERYTHING, NOTHING, Verdict
    from companion.replay.live import Mind
    from companion.replay.reading import apply_expectations, read_expectations, read_files

    mind = Mind("", backend, model, None, seed, freely)
    asks = live or bool(against) or cassette is not None
    if cassette:
        _refuse_beside_cassette(judge, several=bool(against) or jobs > 1)
    if recorded and asks:
        raise typer.BadParameter("--recorded excludes --live and --against.")
    if judge and freely:
        raise typer.BadParameter(
            "--judge compares answers to the same conversation; leave out --freely."
        )
    if not asks and (freely or restart or judge or mind != Mind() or repeat > 1):
        raise typer.BadParameter("That option needs --live or --against.")
    outputs = Outputs(junit, markdown, html, as_json)
    if not replace:
        outputs.refuse_overwriting(tape if cassette == "record" else None)
    playbill = read_files(files)
    expected = read_expectations(playbill) if expect else {}
    place = Place(dict(os.environ), prompts, persona)
    if asks:
        running = Running(repeat, jobs or 1, restart, cassette, tape, judge)
        with _telling_how_to_go_on(running):
            compared = _play_live(place, playbill, mind, against, running)
    else:
        compared = _play_recorded(place, playbill, jobs)
    compared = apply_expectations(compared, expected)
    verdict = Verdict((NOTHING if asks else EVERYTHING).counting, playbill.unreadable)
    outputs.write(compared, verdict)
    if not verdict.passes(compared):
        raise typer.Exit(1)


def _refuse_beside_cassette(judge: str, *, several: bool) -> None:
    if several:
        raise typer.BadParameter("--cassette holds one mind and one session at a time.")
    if judge:
        raise typer.BadParameter("--cassette does not hear a judge; leave out --judge.")


def _play_recorded(place: "Place", playbill: "Playbill", jobs: int) -> "list[ComparedSession]":
    from companion.cli.replay_progress import show_turns
    from companion.replay.batch import compare_recorded, count_processes

    total = sum(len(job.session.turns) for job in playbill.jobs)
    compared = []
    with show_turns(total) as count:
        for each in compare_recorded(place, playbill.jobs, jobs or count_processes()):
            compared.append(each)
            for _ in each.turns:
                count()
    return compared


@contextmanager
def _telling_how_to_go_on(running: Running) -> Iterator[None]:
    from companion.cli.output import print_notice

    try:
        yield
    except KeyboardInterrupt:
        if not running.cassette:
            again = "without --restart " if running.restart else ""
            print_notice(f"Stopped. The same command {again}goes on from here.")
        raise


def _open_judge(place: "Place", running: Running) -> "Judge":
    """Open the judge, and say where the conversation goes before it goes there."""
    from companion.cli.output import print_notice
    from companion.replay.judge import open_judge

    judge = open_judge(place, running.judge, running.at_once, restart=running.restart)
    if judge.address:
        print_notice(f"The conversation goes to {judge.name} at {judge.address}.")
    return judge


def _play_live(
    place: "Place",
    playbill: "Playbill",
    mind: "Mind",
    against: str,
    running: Running,
) -> "list[ComparedSession]":
    import asyncio

    from companion.backends.cassette import Cassette
    from companion.cli.replay_progress import show_turns
    from companion.installation import read_installation
    from companion.replay.live import LiveRun, compare_live
    from companion.replay.matrix import read_minds

    backends = read_installation(place.environ).settings.backend_names()
    minds = read_minds(against, backends, mind) if against else [mind]
    judge = _open_judge(place, running) if running.judge else None
    total = sum(len(job.session.turns) for job in playbill.jobs) * running.repeat * len(minds)
    tape = Cassette(running.tape, plays=running.cassette == "replay") if running.cassette else None
    counted = (total * 2, "turns and judgements") if judge else (total, "turns")
    with show_turns(*counted) as count:
        runs = [
            LiveRun(place, each, playbill.jobs, *running.times(), tape, count, judge)
            for each in minds
        ]
        return asyncio.run(compare_live(runs, judge))
