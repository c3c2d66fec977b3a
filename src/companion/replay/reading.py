"""Reading session files and what is expected of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from companion.domain.errors import SessionError
from companion.portable.chat_formats import read_sessions
from companion.replay.batch import Job
from companion.replay.comparison import ComparedSession
from companion.replay.expectations import (
    Expectations,
    check_names,
    expect,
    find_expectations,
    load_expectations,
)


@dataclass(frozen=True, slots=True)
class Playbill:
    """What is to be played, and a line for each file of which nothing can be."""

    jobs: tuple[Job, ...]
    unreadable: tuple[str, ...]


def read_files(paths: Sequence[Path]) -> Playbill:
    """Read session files; one that cannot be read does not keep the others from it."""
    jobs: list[Job] = []
    unreadable: list[str] = []
    for path in paths:
        try:
            jobs += [Job(str(path), session) for session in read_sessions(path)]
        except SessionError as error:
            unreadable.append(str(error))
    return Playbill(tuple(jobs), tuple(unreadable))


def read_expectations(playbill: Playbill) -> dict[str, Expectations]:
    """Return what is expected of each file that has a file with expectations beside it.

    Raises ``SessionError`` where one cannot be read, or no file has any.
    """
    found: dict[str, Expectations] = {}
    for job in playbill.jobs:
        path = find_expectations(Path(job.file))
        if path.exists():
            found[job.file] = load_expectations(path)
            if not job.session.problem:
                check_names(found[job.file], job.session, path)
    if playbill.jobs and not found:
        first = find_expectations(Path(playbill.jobs[0].file))
        raise SessionError(
            f"Nothing is expected anywhere. Write {first}; docs/testing-with-replay.md tells how."
        )
    return found


def apply_expectations(
    compared: Sequence[ComparedSession], expected: dict[str, Expectations]
) -> list[ComparedSession]:
    """Return the sessions with what does not hold in them."""
    return [
        replace(each, turns=expect(expected[each.file], each.turns, each.session))
        if each.file in expected
        else each
        for each in compared
    ]
