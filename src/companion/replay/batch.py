"""Playing many sessions with their recorded replies, in several processes."""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple, Unpack

from companion.domain.errors import CompanionError
from companion.domain.session import Session, SessionTurn
from companion.installation import read_installation
from companion.replay.comparison import ComparedSession, ComparedTurn, compare_turn
from companion.replay.recorded import Theatre, play_recorded

Values = TypeVarTuple("Values")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Job:
    """A session to play, and the name of its file."""

    file: str
    session: Session


@dataclass(frozen=True, slots=True)
class Place:
    """How a process finds the installation: its environment, and prompts that win."""

    environ: dict[str, str]
    prompts: Path | None = None
    persona: str = ""

    def open(self) -> Theatre:
        """Read the installation. Raises ``SettingsError``."""
        installation = read_installation(self.environ)
        if self.prompts:
            folders = (self.prompts, *installation.prompts)
            installation = replace(installation, prompts=folders)
        return Theatre(installation, self.persona)


def compare_recorded(
    place: Place, jobs: Sequence[Job], processes: int = 1
) -> Iterator[ComparedSession]:
    """Yield each session beside what it was, in the order given.

    Raises ``CompanionError`` only for what is wrong with all of them.
    """
    if processes <= 1 or len(jobs) <= 1:
        theatre = place.open()
        yield from (compare_one(theatre, job) for job in jobs)
        return
    workers = ProcessPoolExecutor(
        min(processes, len(jobs)), get_context("spawn"), _settle, (place,)
    )
    with workers as pool:
        yield from pool.map(_compare, jobs)


def compare_one(theatre: Theatre, job: Job) -> ComparedSession:
    """Play one session and compare it, as far as it goes."""
    turns: list[ComparedTurn] = []
    problem = job.session.problem

    async def play() -> None:
        earlier: list[tuple[str, str]] = []
        numbered = iter(job.session.turns)
        async for played in play_recorded(theatre, job.session):
            recorded = next(numbered)
            compared = compare_turn(recorded, played, earlier, bare=job.session.header.bare)
            turns.append(compared)
            earlier.append((_words(recorded), _words(played)))

    try:
        with asyncio.Runner(loop_factory=_PromptLoop) as runner:
            runner.run(play())
    except CompanionError as error:
        problem = f"Turn {len(turns) + 1} could not be played: {error}"
    return ComparedSession(job.file, job.session, tuple(turns), "recorded", problem)


def _words(turn: SessionTurn) -> str:
    return turn.reply.text if turn.reply else ""


class _PromptLoop(asyncio.SelectorEventLoop):
    """Does everything where it is asked for: there is no screen that would have to wait."""

    def run_in_executor(
        self, executor: Any, func: Callable[[Unpack[Values]], Result], *args: *Values
    ) -> asyncio.Future[Result]:
        """Run ``func`` and return what came of it."""
        future: asyncio.Future[Result] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it is raised where it is awaited
            future.set_exception(error)
        return future


def count_processes() -> int:
    """Return how many processes keep this machine busy."""
    return os.cpu_count() or 1


_theatres: list[Theatre] = []


def _settle(place: Place) -> None:
    _theatres.append(place.open())


def _compare(job: Job) -> ComparedSession:
    return compare_one(_theatres[0], job)
