"""What ``companion replay`` prints and writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from companion.cli.output import print_json, print_notice, print_table

if TYPE_CHECKING:
    from companion.replay.comparison import ComparedSession, Verdict

_ROWS = 20
_DIFFS = 5


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where the results go, besides the terminal."""

    junit: Path | None
    markdown: Path | None
    html: Path | None
    as_json: bool

    def refuse_overwriting(self, tape: Path | None) -> None:
        """Raise ``CompanionError`` where one of the files is there; ``tape`` is another."""
        from companion.portable.private_file import refuse_overwriting

        reports = ((self.junit, "--junit"), (self.markdown, "--markdown"), (self.html, "--html"))
        for path, option in (*reports, (tape, "--tape")):
            if path is not None and str(path) != "-":
                refuse_overwriting(path, option)

    def write(self, compared: "Sequence[ComparedSession]", verdict: "Verdict") -> None:
        """Write the files, then print. Raises ``CompanionError``."""
        from companion.replay.html_report import to_html
        from companion.replay.junit import to_junit
        from companion.replay.summary import to_object
        from companion.replay.text_report import to_markdown

        _write(self.junit, "--junit", lambda: to_junit(compared, verdict))
        _write(self.html, "--html", lambda: to_html(compared, verdict))
        for problem in verdict.unreadable:
            print_notice(f"companion: {problem}")
        if str(self.markdown) == "-":
            typer.echo(to_markdown(compared, verdict), nl=False)
            return
        _write(self.markdown, "--markdown", lambda: to_markdown(compared, verdict))
        if self.as_json:
            print_json(to_object(compared, verdict))
        else:
            _print(compared, verdict)


def _print(compared: "Sequence[ComparedSession]", verdict: "Verdict") -> None:
    from companion.replay import text_report
    from companion.replay.comparison import group
    from companion.replay.judge_report import tell_preferences
    from companion.replay.matrix import list_matrix

    if len(group(compared)) > 1:
        print_table(*list_matrix(compared))
        typer.echo()
    elif not verdict.counting and (figures := text_report.list_figures(compared)):
        print_table(("measure", "recorded", "now"), figures)
        typer.echo()
    if told := list(tell_preferences(compared)):
        typer.echo("\n".join(told) + "\n")
    if rows := text_report.list_rows(compared, _ROWS):
        print_table(text_report.HEAD, rows)
        typer.echo()
    for line in text_report.list_diffs(compared, _DIFFS):
        typer.echo(line)
    for line in text_report.list_problems(compared):
        typer.echo(line)
    typer.echo(text_report.sum_up(compared, verdict))


def _write(path: Path | None, option: str, make: Callable[[], str]) -> None:
    from companion.portable.private_file import write_private

    if path is None:
        return
    # What is there was asked about before the sessions were played.
    write_private(path, [make()], replace=True, option=option)
    print_notice(f"Wrote {path}.")
