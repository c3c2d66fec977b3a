"""Killing the program at a random moment, and looking at what it left.

Each ``Activity`` works for ever in a child that is forked, not started, so that a kill costs
no imports. What the child tells has happened must still hold after ``kill -9``.
"""

import os
import random
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Tell = Callable[[str], None]
_ROUND = "round"
_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Wreck:
    """What a kill left: user messages lost, files not whole, replies cut short and not marked."""

    lost: int = 0
    corrupt: int = 0
    partial: int = 0
    unmarked: int = 0
    survived: int = 0
    """Words that were erased and are still in a file."""

    @property
    def sound(self) -> bool:
        """Whether everything is as promised."""
        return not (self.lost or self.corrupt or self.unmarked or self.survived) and (
            self.partial <= 1
        )


class Activity(Protocol):
    """Something that the program does, in a folder of its own."""

    def work(self, tell: Tell) -> None:
        """Do it for ever; tell what has happened, a line each, and each round."""
        ...

    def look(self, told: list[str]) -> Wreck:
        """Judge what is left after a kill, and get ready for the next."""
        ...


def tell_round(tell: Tell) -> None:
    """Tell that one round is over."""
    tell(_ROUND)


def measure_rounds(activity: Activity, rounds: int = 2) -> float:
    """Return how many seconds some rounds take, the first start included."""
    began = time.monotonic()
    child = _Child(activity)
    while child.told.count(_ROUND) < rounds and child.listen(_PATIENCE_SECONDS):
        pass
    took = time.monotonic() - began
    activity.look(child.kill())
    return took


def kill_once(activity: Activity, within: float, chance: random.Random) -> Wreck:
    """Let an activity work and kill it at a random moment ``within`` seconds."""
    child = _Child(activity)
    until = time.monotonic() + chance.uniform(0.0, within)
    while (left := until - time.monotonic()) > 0:
        if not child.listen(left):
            break
    return activity.look(child.kill())


class _Child:
    """A forked process that works; ``told`` is what it has told."""

    def __init__(self, activity: Activity) -> None:
        self.told: list[str] = []
        self._rest = b""
        self._reader, writer = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                activity.work(lambda line: _write(writer, line))
            except BaseException:  # noqa: BLE001 - whatever it is, the parent must not go on here
                _write(2, traceback.format_exc())
            finally:
                os._exit(3)
        os.close(writer)

    def listen(self, seconds: float) -> bool:
        """Take in what is told, waiting some seconds at most; false once the child is gone."""
        if not select.select([self._reader], [], [], seconds)[0]:
            return True
        raw = os.read(self._reader, 65536)
        *lines, self._rest = (self._rest + raw).split(b"\n")
        self.told += [line.decode() for line in lines]
        return bool(raw)

    def kill(self) -> list[str]:
        """Kill it and return all that it told. Raises if it had ended by itself."""
        os.kill(self._pid, signal.SIGKILL)
        while self.listen(_PATIENCE_SECONDS):
            pass
        os.close(self._reader)
        _, status = os.waitpid(self._pid, 0)
        if not os.WIFSIGNALED(status):
            raise AssertionError("The program ended before it was killed.")
        return self.told


def _write(file: int, line: str) -> None:
    os.write(file, f"{line}\n".encode())


def find_traces(folder: Path, words: list[str]) -> int:
    """Return how many of the words stand in any file of a folder."""
    raw = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return sum(word.encode() in raw for word in words)
