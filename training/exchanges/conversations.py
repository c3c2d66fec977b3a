"""What the files hold: conversations in her voice, one JSON object a line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from companion.domain.guidance import Strategy
from companion.domain.mood import EMOTIONS

_MOST_TURNS = 6
_MOST_MEMORIES = 4
_MOST_FEELINGS = 3
_STRATEGIES = frozenset(strategy.value for strategy in Strategy)


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody writes, how they feel, strongest first, and what she answers.

    ``uses`` holds the indexes of the memories on which the reply draws.
    """

    user: str
    feels: tuple[str, ...]
    strategy: str
    reply: str
    uses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation, where it stands (``hard.jsonl:12``), and what she knew before it."""

    where: str
    about: str
    memories: tuple[str, ...]
    turns: tuple[Turn, ...]


def read(folder: Path) -> Iterator[tuple[str, Any]]:
    """Give the place and the value of each line of the folder's files, by name.

    Raises ValueError, with the place, where a line is no JSON.
    """
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            where = f"{path.name}:{number}"
            try:
                yield where, json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{where} is not JSON: {error}.") from error


def understand(where: str, value: Any) -> Conversation:
    """Return the conversation; raises ValueError where the form is broken."""
    try:
        _need(set(value) <= {"about", "memories", "turns"}, "has a field too many")
        memories = tuple(value.get("memories", ()))
        _need(_texts(value["about"], *memories), "has a text that is empty or none")
        _need(len(memories) <= _MOST_MEMORIES, f"has more than {_MOST_MEMORIES} memories")
        turns = tuple(_turn(turn, len(memories)) for turn in value["turns"])
        _need(1 <= len(turns) <= _MOST_TURNS, f"has no turn, or more than {_MOST_TURNS}")
    except KeyError as error:
        raise ValueError(f"{where} lacks the field {error}.") from error
    except (AttributeError, TypeError) as error:
        raise ValueError(f"{where} has another form: {error}.") from error
    except ValueError as error:
        raise ValueError(f"{where} {error}.") from error
    return Conversation(where, value["about"], memories, turns)


def _turn(turn: Any, memories: int) -> Turn:
    _need(set(turn) <= {"user", "feels", "strategy", "uses", "reply"}, "has a field too many")
    _need(_texts(turn["user"], turn["reply"]), "has a text that is empty or none")
    feels, uses = turn["feels"], turn.get("uses", [])
    _need(("uses" in turn) == (memories > 0), "has uses and no memories, or the reverse")
    _need(_distinct(uses) and all(at in range(memories) for at in uses), f"uses {uses}")
    _need(_distinct(feels) and set(feels) <= set(EMOTIONS), f"feels {feels}")
    _need(1 <= len(feels) <= _MOST_FEELINGS, f"has no feeling, or more than {_MOST_FEELINGS}")
    _need(turn["strategy"] in _STRATEGIES, f"has the strategy {turn['strategy']!r}")
    return Turn(turn["user"], tuple(feels), turn["strategy"], turn["reply"], tuple(uses))


def _texts(*values: Any) -> bool:
    return all(isinstance(value, str) and value.strip() == value != "" for value in values)


def _distinct(values: Any) -> bool:
    return isinstance(values, list) and len(set(values)) == len(values)


def _need(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)
