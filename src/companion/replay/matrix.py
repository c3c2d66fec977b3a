"""Many minds beside each other: one column a mind, one row a measure."""

from collections.abc import Sequence
from pathlib import Path

from companion.domain.errors import SessionError
from companion.replay.comparison import ComparedSession, group
from companion.replay.judge_report import list_preferences
from companion.replay.live import Mind
from companion.replay.summary import Figure, find_figures

Row = tuple[str, ...]


def read_minds(names: str, backends: Sequence[str], like: Mind) -> list[Mind]:
    """Return the minds in a list such as ``local,cluster:llama-70b,./my-prompts``.

    Each is a backend, a backend with one of its models, or a folder of prompts; the rest is
    that of ``like``. Raises ``SessionError``.
    """
    minds = [_read_mind(name.strip(), backends, like) for name in names.split(",") if name.strip()]
    if len({mind.name for mind in minds}) < max(2, len(minds)):
        raise SessionError("--against wants at least two different minds: --against local,other.")
    return minds


def _read_mind(name: str, backends: Sequence[str], like: Mind) -> Mind:
    backend, _, model = name.partition(":")
    if backend in backends:
        return Mind(name, backend, model or like.model, like.prompts, like.seed, like.freely)
    if Path(name).is_dir():
        return Mind(name, like.backend, like.model, Path(name), like.seed, like.freely)
    raise SessionError(
        f"{name} is neither a backend nor a folder of prompts. Known: {', '.join(backends)}."
    )


def list_matrix(compared: Sequence[ComparedSession]) -> tuple[Row, list[Row]]:
    """Return the head and the rows of the table: what was recorded, then each mind."""
    groups = group(compared)
    figures = {mind: find_figures(sessions) for mind, sessions in groups.items()}
    names = list(dict.fromkeys(each.name for side in figures.values() for each in side))
    rows = [
        (
            name,
            _tell(_find(next(iter(figures.values())), name), before=True),
            *(_tell(_find(side, name)) for side in figures.values()),
        )
        for name in names
    ]
    rows += list_preferences(list(groups.values()))
    rows += [
        ("turns compared", "", *(str(sum(len(s.turns) for s in side)) for side in groups.values())),
        ("expectations that fail", "", *(str(_count_failures(side)) for side in groups.values())),
        (
            "turns that are missing",
            "",
            *(str(sum(s.missing for s in side)) for side in groups.values()),
        ),
    ]
    return ("measure", "recorded", *groups), rows


def _find(figures: Sequence[Figure], name: str) -> Figure | None:
    return next((each for each in figures if each.name == name), None)


def _tell(figure: Figure | None, *, before: bool = False) -> str:
    value = figure and (figure.before if before else figure.after)
    return "-" if value is None else f"{value:g}"


def _count_failures(sessions: Sequence[ComparedSession]) -> int:
    return sum(len(turn.failures) for session in sessions for turn in session.turns)
