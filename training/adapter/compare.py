"""Compares an exported adapter in llama.cpp with what was trained in PyTorch.

    python -m training.adapter.compare --weights MODEL.gguf --adapter FOLDER/adapter.pt
        --exported ADAPTER.gguf [--count 20]

Both guess the first word of a reply to the same prompts, with and without the adapter. Without
it they differ only because llama.cpp counts with quantised numbers; with it they should
differ as little, although the adapter itself changes the guesses much more.
"""

import argparse
import asyncio
import json
import secrets
import statistics
import tempfile
import urllib.request
from pathlib import Path

import torch

from companion.local_model.engine_child import EngineAddress, EngineChild
from companion.local_model.engine_process import EngineConfig
from training.adapter.learner import Learner, Shape, load_tokenizer
from training.adapter.packs import Encoder
from training.adapter.render import Renderer
from training.adapter.train import HELD_OUT, HERE
from training.exchanges.check import load

_GUESSES = 10
"""So many of the likeliest words are compared, by their natural logarithms of probability."""

Guesses = list[dict[int, float]]


def main() -> None:
    """Print how far apart the two are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--exported", type=Path, required=True)
    parser.add_argument("--count", type=int, default=20)
    arguments = parser.parse_args()
    prompts = read_prompts(arguments.weights, arguments.count)
    served = [
        asyncio.run(ask(arguments.weights, adapter, prompts))
        for adapter in (None, arguments.exported)
    ]
    base, trained = guess(arguments.weights, arguments.adapter, prompts)
    print(
        json.dumps(
            {
                "without": apart(served[0], base),
                "with": apart(served[1], trained),
                "what the adapter changes": apart(served[1], base),
            }
        )
    )


def read_prompts(weights: Path, count: int) -> list[list[int]]:
    """Return the tokens of held-out conversations, up to the first word of a reply."""
    conversations, _ = load(HERE / "training/exchanges")
    renderer = Renderer(HERE / "prompts", "samantha", 1)
    encoder = Encoder(load_tokenizer(weights), renderer.system)
    told = (encoder.encode(renderer.render(each)) for each in conversations[::HELD_OUT][:count])
    return [encoder.prefix + each.tokens[: each.hers.index(True)] for each in told]


async def ask(weights: Path, adapter: Path | None, prompts: list[list[int]]) -> Guesses:
    """Return what llama.cpp guesses."""
    with tempfile.TemporaryDirectory() as folder:
        key, prefixes = secrets.token_hex(16), f"{folder}/prefixes"
        changed = str(adapter or "")
        config = EngineConfig(str(weights), 2048, 2, key, prefixes, adapter=changed)
        child = await EngineChild.spawn(config, Path(folder) / "log")
        try:
            return [await asyncio.to_thread(_ask_once, child.address, each) for each in prompts]
        finally:
            await child.stop()


def _ask_once(address: EngineAddress, prompt: list[int]) -> dict[int, float]:
    asked = {"prompt": prompt, "n_predict": 1, "n_probs": _GUESSES, "temperature": 0.0}
    request = urllib.request.Request(
        address.base_url.removesuffix("/v1") + "/completion",
        json.dumps(asked).encode(),
        {"Authorization": f"Bearer {address.api_key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as reply:
        first = json.load(reply)["completion_probabilities"][0]
    return {each["id"]: each["logprob"] for each in first["top_logprobs"]}


@torch.no_grad()
def guess(
    weights: Path, adapter: Path, prompts: list[list[int]]
) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Return what PyTorch guesses without and with the adapter: (vocabulary,) each."""
    kept = torch.load(adapter)
    learner = Learner(weights, Shape(**kept["shape"]), 0)
    learner.restore(kept["adapter"])
    trained = [_last(learner, each) for each in prompts]
    with learner.model.disable_adapter():
        return [_last(learner, each) for each in prompts], trained


def _last(learner: Learner, prompt: list[int]) -> torch.Tensor:
    inner = learner.model.base_model.model
    return torch.log_softmax(inner(torch.tensor([prompt])).logits[0, -1].float(), dim=-1)


def apart(served: Guesses, guessed: list[torch.Tensor]) -> float:
    """Return the mean distance of the served guesses from those of PyTorch, in nats."""
    return statistics.mean(
        abs(likely - float(all_[token]))
        for one, all_ in zip(served, guessed, strict=True)
        for token, likely in one.items()
    )


if __name__ == "__main__":
    main()
