"""Trains an adapter on exchanges, and goes on where it was stopped.

    python -m training.adapter.train --weights MODEL.gguf --out FOLDER
        [--exchanges FOLDER] [--prompts FOLDER] [--persona NAME] [--steps N] [--rank N] ...

A tenth of the conversations is held out. The adapter is in ``FOLDER/adapter.pt`` (and what
a run needs to go on beside it); ``training.adapter.export`` makes a GGUF file of it.
"""

import argparse
import json
import math
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from training.adapter.learner import Learner, Shape, load_tokenizer
from training.adapter.packs import Encoder, Row, Told, pack
from training.adapter.render import Renderer
from training.exchanges.check import load

HERE = Path(__file__).parents[2]
HELD_OUT = 10
WARM_UP = 0.06
LEAST = 0.1
"""Where the learning rate ends, as a part of where it was highest."""


def main() -> None:
    """Train."""
    arguments = read_arguments()
    torch.set_num_threads(arguments.threads)
    told, held, prefix = read_exchanges(arguments)
    rows = lay_out(told, prefix, arguments)
    kept_out = list(pack(held, prefix, arguments.length, arguments.seed))[: arguments.held_rows]
    shape = Shape(arguments.rank, arguments.alpha, arguments.first_layer)
    learner = Learner(arguments.weights, shape, arguments.seed, arguments.dtype)
    run = Run(learner, rows, kept_out, arguments)
    run.go_on()


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--weights", type=Path, required=True, help="a GGUF file")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--exchanges", type=Path, default=HERE / "training/exchanges")
    parser.add_argument("--prompts", type=Path, default=HERE / "prompts")
    parser.add_argument("--persona", default="samantha")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--steps", type=int, help="stop after so many rows")
    parser.add_argument("--length", type=int, default=1024, help="tokens in a row")
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--alpha", type=int, default=16)
    parser.add_argument("--first-layer", type=int, default=0)
    parser.add_argument("--rate", type=float, default=3e-4, help="the highest learning rate")
    parser.add_argument("--dtype", default="float32", choices=("float32", "bfloat16"))
    parser.add_argument("--held-rows", type=int, default=4, help="rows of the held-out tenth")
    parser.add_argument("--every", type=int, default=10, help="rows between two checkpoints")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seed", type=int, default=20261126)
    return parser.parse_args()


def read_exchanges(
    arguments: argparse.Namespace,
) -> tuple[list[Told], list[Told], list[int]]:
    """Return the conversations to learn, those held out, and the tokens before each.

    Raises ValueError with every line that is broken.
    """
    conversations, wrong = load(arguments.exchanges)
    if wrong:
        raise ValueError("\n".join(wrong))
    renderer = Renderer(arguments.prompts, arguments.persona, arguments.seed)
    encoder = Encoder(load_tokenizer(arguments.weights), renderer.system)
    told = [encoder.encode(renderer.render(each)) for each in conversations]
    held = told[::HELD_OUT]
    return [each for at, each in enumerate(told) if at % HELD_OUT], held, encoder.prefix


def lay_out(told: list[Told], prefix: list[int], arguments: argparse.Namespace) -> list[Row]:
    """Return all rows of a run in their order."""
    rows = [
        row
        for epoch in range(arguments.epochs)
        for row in pack(told, prefix, arguments.length, arguments.seed + epoch)
    ]
    return rows[: arguments.steps]


class Run:
    """A run that may be stopped at any time and goes on from its last checkpoint."""

    def __init__(
        self,
        learner: Learner,
        rows: list[Row],
        held: list[Row],
        arguments: argparse.Namespace,
    ) -> None:
        self._learner, self._rows, self._held = learner, rows, held
        self._arguments = arguments
        self._file = arguments.out / "run.pt"
        self._rate = arguments.rate
        self._descent = torch.optim.AdamW(learner.adapter.values(), lr=self._rate, weight_decay=0.0)
        self._done = 0
        self._log: list[dict[str, Any]] = []

    def go_on(self) -> None:
        """Take up the last checkpoint, learn what is left and keep the adapter."""
        self._arguments.out.mkdir(parents=True, exist_ok=True)
        if self._file.exists():
            self._take_up()
        else:
            self._note(held_out=self._learner.measure(self._held))
        for row in self._rows[self._done :]:
            self._learn(row)
            if self._done % self._arguments.every == 0 or self._done == len(self._rows):
                self._keep()
        self._note(held_out=self._learner.measure(self._held))
        self._keep()

    def _learn(self, row: Row) -> None:
        began = time.monotonic()
        for group in self._descent.param_groups:
            group["lr"] = self._rate * self._schedule()
        loss = self._learner.loss(row)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._learner.adapter.values(), 1.0)
        self._descent.step()
        self._descent.zero_grad()
        self._done += 1
        took = time.monotonic() - began
        self._note(loss=loss.item(), tokens=row.tokens.shape[1], seconds=took)

    def _schedule(self) -> float:
        """Return the part of the highest rate: up in a line, down along a cosine."""
        part = (self._done + 1) / len(self._rows)
        if part < WARM_UP:
            return part / WARM_UP
        down = (part - WARM_UP) / (1 - WARM_UP)
        return LEAST + (1 - LEAST) * 0.5 * (1 + math.cos(math.pi * down))

    def _note(self, **figures: float) -> None:
        self._log.append({"step": self._done, **figures})
        print(f"{self._done} of {len(self._rows)}", json.dumps(figures), flush=True)

    def _keep(self) -> None:
        adapter = {name: each.detach() for name, each in self._learner.adapter.items()}
        shape = asdict(self._learner.shape)
        torch.save({"adapter": adapter, "shape": shape}, self._arguments.out / "adapter.pt")
        state = {"done": self._done, "log": self._log, "descent": self._descent.state_dict()}
        half = self._file.with_suffix(".half")
        torch.save({**state, "adapter": adapter}, half)
        half.replace(self._file)

    def _take_up(self) -> None:
        state = torch.load(self._file)
        self._learner.restore(state["adapter"])
        self._descent.load_state_dict(state["descent"])
        self._done, self._log = state["done"], state["log"]


if __name__ == "__main__":
    main()
