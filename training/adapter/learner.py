"""The model with its adapter, and what one row of tokens teaches it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

from training.adapter.packs import Row

TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True, slots=True)
class Shape:
    """An adapter's ``rank``, its ``alpha``, and the first layer that it changes.

    The layers below are left alone: what they hold is the language, what is above is the
    manner, and nothing has to be learned through them.
    """

    rank: int = 8
    alpha: int = 16
    first_layer: int = 0


def load_tokenizer(weights: Path) -> Any:
    """Return the tokenizer of a GGUF file."""
    return AutoTokenizer.from_pretrained(str(weights.parent), gguf_file=weights.name)


class Learner:
    """The weights of a GGUF file, dequantised and frozen, under an adapter that learns."""

    def __init__(self, weights: Path, shape: Shape, seed: int, dtype: str = "float32") -> None:
        torch.manual_seed(seed)
        base = AutoModelForCausalLM.from_pretrained(
            str(weights.parent), gguf_file=weights.name, dtype=getattr(torch, dtype)
        )
        layers = range(shape.first_layer, base.config.num_hidden_layers)
        self.shape = shape
        self.model = get_peft_model(
            base,
            LoraConfig(
                r=shape.rank,
                lora_alpha=shape.alpha,
                target_modules=list(TARGETS),
                layers_to_transform=list(layers),
            ),
        )

    @property
    def adapter(self) -> dict[str, torch.nn.Parameter]:
        """What is learned, by name."""
        return {name: each for name, each in self.model.named_parameters() if each.requires_grad}

    def restore(self, adapter: dict[str, torch.Tensor]) -> None:
        """Take up an adapter that was learned before."""
        for name, each in self.adapter.items():
            each.data.copy_(adapter[name])

    def loss(self, row: Row) -> torch.Tensor:
        """Return the mean cross-entropy, in nats a token, of her words in a row."""
        inner = self.model.base_model.model
        hidden = inner.model(
            input_ids=row.tokens,
            attention_mask=row.mask,
            position_ids=row.positions,
            use_cache=False,
        ).last_hidden_state[0]
        # The vocabulary is large: only what is learned goes through the last matrix.
        guesses = inner.lm_head(hidden[row.learned]).float()
        return torch.nn.functional.cross_entropy(guesses, row.tokens[0, 1:][row.learned[:-1]])

    @torch.no_grad()
    def measure(self, rows: list[Row]) -> float:
        """Return the mean loss a token over rows."""
        total = sum(float(self.loss(row)) * int(row.learned.sum()) for row in rows)
        return total / sum(int(row.learned.sum()) for row in rows)
