"""Keeps what took long to make, so that a build that was stopped goes on from there."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

State = dict[str, Tensor]


def kept(file: Path, make: Callable[[], State]) -> State:
    """Return what ``file`` holds; where it is not there yet, make it and keep it."""
    if not file.exists():
        made = make()
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".part")
        torch.save(made, beside)
        beside.rename(file)
    state: State = torch.load(file, weights_only=True)
    return state
