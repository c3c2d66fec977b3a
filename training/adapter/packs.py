"""Conversations as rows of tokens: several in a row, behind one system message.

Every conversation of a row sees the system message and itself, and nothing of its
neighbours: the row costs what its tokens cost, and the system message is read once.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from companion.domain.message import PromptMessage, Role


@dataclass(frozen=True, slots=True)
class Told:
    """The tokens of one conversation, and which of them are hers."""

    tokens: list[int]
    hers: list[bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a length of T tokens, as tensors.

    ``tokens`` and ``positions`` are (1, T) integers, ``mask`` is (1, 1, T, T) and true where a
    token may look, ``learned`` is (T,) and true where the token after is to be learned.
    """

    tokens: torch.Tensor
    positions: torch.Tensor
    mask: torch.Tensor
    learned: torch.Tensor


class Encoder:
    """Writes messages as the model's own template does. ``tokenizer`` is of transformers.

    Raises ValueError where the template is none that it knows.
    """

    def __init__(self, tokenizer: Any, system: PromptMessage) -> None:
        self._tokenizer = tokenizer
        self._check(system)
        self.prefix = self._read(_open(system) + system.content + _CLOSE)

    def encode(self, messages: Sequence[PromptMessage]) -> Told:
        """Return one conversation; her words and the end of each of her turns are hers."""
        tokens, hers = [], []
        for message in messages:
            head, said = self._read(_open(message)), self._read(message.content + _END)
            line_end = self._read("\n")
            spoken = message.role is Role.ASSISTANT
            tokens += head + said + line_end
            hers += [False] * len(head) + [spoken] * len(said) + [False] * len(line_end)
        return Told(tokens, hers)

    def _read(self, text: str) -> list[int]:
        return list(self._tokenizer(text, add_special_tokens=False).input_ids)

    def _check(self, system: PromptMessage) -> None:
        messages = [system, PromptMessage(Role.USER, "a"), PromptMessage(Role.ASSISTANT, "b")]
        said = [{"role": each.role.value, "content": each.content} for each in messages]
        written = self._tokenizer.apply_chat_template(said, tokenize=False)
        if written != "".join(_open(each) + each.content + _CLOSE for each in messages):
            raise ValueError("This model's chat template is not ChatML: encode() does not fit it.")


_END = "<|im_end|>"
_CLOSE = f"{_END}\n"


def _open(message: PromptMessage) -> str:
    return f"<|im_start|>{message.role.value}\n"


def pack(told: Sequence[Told], prefix: Sequence[int], length: int, seed: int) -> Iterator[Row]:
    """Give rows of at most ``length`` tokens, in an order that ``seed`` decides.

    A conversation that is longer than a row has room for gets a row of its own, cut.
    """
    order = random.Random(seed).sample(list(told), len(told))
    room = length - len(prefix)
    row: list[Told] = []
    for each in order:
        if row and sum(len(one.tokens) for one in row) + len(each.tokens) > room:
            yield _join(row, prefix, length)
            row = []
        row.append(each)
    if row:
        yield _join(row, prefix, length)


def _join(row: Sequence[Told], prefix: Sequence[int], length: int) -> Row:
    tokens, hers, places = list(prefix), [False] * len(prefix), list(range(len(prefix)))
    whose = [0] * len(prefix)
    for number, each in enumerate(row, 1):
        tokens += each.tokens
        hers += each.hers
        places += range(len(prefix), len(prefix) + len(each.tokens))
        whose += [number] * len(each.tokens)
    owner = torch.tensor(whose[:length])
    seen = (owner[None, :] == owner[:, None]) | (owner[None, :] == 0)
    # A token is learned from the place before it.
    learned = torch.tensor([*hers[1:length], False][: len(owner)])
    return Row(
        torch.tensor([tokens[:length]]),
        torch.tensor([places[:length]]),
        seen.tril()[None, None],
        learned,
    )
