"""Session files as tests: ``pytest --companion-sessions DIR``.

Every turn of every ``*.session.jsonl`` under ``DIR`` is a test. It is played with the
recorded replies and fails where anything comes out different, or where something does
not hold that ``NAME.expect.toml`` beside it expects.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from companion.replay.comparison import ComparedSession
    from companion.replay.reading import Playbill

_OPTION = "--companion-sessions"
_ENDING = ".session.jsonl"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the folder."""
    group = parser.getgroup("companion")
    group.addoption(
        _OPTION, metavar="DIR", type=Path, help="Collect the session files in DIR as tests."
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let the folder be collected along with what was asked for."""
    folder = config.getoption(_OPTION)
    if folder is None:
        return
    if not folder.is_dir():
        raise pytest.UsageError(f"{_OPTION}: {folder} is no folder.")
    config.args = [*config.args, str(folder.absolute())]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> SessionFile | None:
    """Collect a session file in that folder."""
    folder = parent.config.getoption(_OPTION)
    if folder is None or not file_path.name.endswith(_ENDING):
        return None
    inside = file_path.is_relative_to(folder.absolute())
    return SessionFile.from_parent(parent, path=file_path) if inside else None


class SessionFile(pytest.File):
    """A session file; it is played once, when the first of its turns is asked for."""

    @cached_property
    def bill(self) -> Playbill:
        """What is in the file."""
        from companion.replay.reading import read_files

        return read_files([self.path])

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test a turn, or one that fails where the file cannot be read."""
        if self.bill.unreadable:
            # An error of collecting would keep every other test from running.
            yield SessionItem.from_parent(self, name="whole file", number=0)
        for job in self.bill.jobs:
            for turn in job.session.turns:
                name = f"turn {turn.number}"
                yield SessionItem.from_parent(self, name=name, number=turn.number)
            if job.session.problem:
                yield SessionItem.from_parent(self, name="whole file", number=0)

    @cached_property
    def compared(self) -> ComparedSession:
        """The session beside what it was, with what does not hold."""
        from companion.replay.batch import Place, compare_recorded
        from companion.replay.expectations import find_expectations
        from companion.replay.reading import apply_expectations, read_expectations

        expected = read_expectations(self.bill) if find_expectations(self.path).exists() else {}
        found = list(compare_recorded(Place(dict(os.environ)), self.bill.jobs))
        return apply_expectations(found, expected)[0]


class SessionItem(pytest.Item):
    """One turn; number 0 stands for the file as a whole."""

    def __init__(self, *, number: int, **fields: Any) -> None:
        super().__init__(**fields)
        self._number = number

    def runtest(self) -> None:
        """Fail where the turn is not as it was or as it must be."""
        from companion.replay.comparison import EVERYTHING
        from companion.replay.junit import list_failures

        assert isinstance(self.parent, SessionFile)
        if self.parent.bill.unreadable:
            raise TurnFailed(self.parent.bill.unreadable[0])
        compared = self.parent.compared
        turns = [turn for turn in compared.turns if turn.played.number == self._number]
        if not turns:
            raise TurnFailed(compared.problem or "This turn was not played.")
        if failures := list_failures(turns[0], EVERYTHING):
            said = turns[0].played.said.text
            raise TurnFailed("\n".join([f"They said: {said}", *failures]))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> str | Any:
        """Return why it failed, without a traceback."""
        if isinstance(excinfo.value, TurnFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return what the test is called."""
        return self.path, 0, f"{self.path.name}: {self.name}"


class TurnFailed(AssertionError):
    """A turn is not as it was, or not as it must be."""
