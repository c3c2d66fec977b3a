"""Invented lives and what must hold in them, as ``tests/lives/README.md`` describes them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

LIVES = Path(__file__).parent / "lives"
HELD_OUT = "held_out"
_PAUSE = timedelta(minutes=2)
_ANSWERS = ("Mm. Go on.", "I'm listening.", "Tell me more.")


@dataclass(frozen=True, slots=True)
class LifeTurn:
    """What the user says, what she answers, and what must hold then.

    ``at`` is aware; with ``begins``, the turn is the first of a visit.
    """

    number: int
    at: datetime
    begins: bool
    say: str
    she: str
    tells: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    trap: str = ""
    recall: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    crisis: bool = False


@dataclass(frozen=True, slots=True)
class WantedFollowUp:
    """What she asks about once, from a day to a day, both included; or never."""

    about: str
    after: date = date.min
    by: date = date.max
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Life:
    """A life. ``never`` must be in no memory at any time."""

    name: str
    held_out: bool
    title: str
    turns: tuple[LifeTurn, ...]
    never: tuple[str, ...]
    follow_ups: tuple[WantedFollowUp, ...]

    def visits(self) -> list[list[LifeTurn]]:
        """Return the turns, visit by visit."""
        visits: list[list[LifeTurn]] = []
        for turn in self.turns:
            if turn.begins:
                visits.append([])
            visits[-1].append(turn)
        return visits


def read_lives() -> list[Life]:
    """Return all lives, those that are held out last."""
    return [read_life(path) for path in sorted(LIVES.glob("*/*.toml"))]


def read_life(path: Path) -> Life:
    """Read one life. Raises ``TypeError`` for a key that has no meaning."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    zone, turns = ZoneInfo(table["zone"]), list[LifeTurn]()
    for number, row in enumerate(table["turns"]):
        turns.append(_to_turn(row, turns[-1] if turns else None, number, zone))
    return Life(
        path.stem,
        path.parent.name == HELD_OUT,
        table["title"],
        tuple(turns),
        tuple(table.get("never", ())),
        tuple(WantedFollowUp(**row) for row in table.get("follow_ups", ())),
    )


def _to_turn(
    row: Mapping[str, Any], before: LifeTurn | None, number: int, zone: ZoneInfo
) -> LifeTurn:
    begins = "at" in row
    if begins:
        at = row["at"].replace(tzinfo=zone)
    else:
        assert before, "The first turn needs a time."
        at = before.at + _PAUSE
    assert before is None or at > before.at, f"{row['say']!r} is said before its time."
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    unknown = values.keys() - {each.name for each in fields(LifeTurn)}
    assert not unknown, f"{unknown} at {row['say']!r} have no meaning."
    she = _ANSWERS[number % len(_ANSWERS)]
    return LifeTurn(**{"she": she} | values | {"number": number, "at": at, "begins": begins})
