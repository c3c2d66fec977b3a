"""Writes a trained adapter as a GGUF file, which llama.cpp loads beside the weights.

    python -m training.adapter.export --adapter FOLDER/adapter.pt --weights MODEL.gguf
        --out ADAPTER.gguf [--name NAME]

The form is that of llama.cpp's ``convert_lora_to_gguf.py``: two matrices for every weight
that changes, ``.lora_a`` of (rank, inputs) and ``.lora_b`` of (outputs, rank), in half
precision, and ``adapter.lora.alpha``.
"""

import argparse
import re
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch

_NAME = re.compile(r"model\.layers\.(\d+)\.(\w+\.\w+)\.lora_([AB])\.default\.weight$")
_PARTS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
"""What transformers calls the weights of a layer of Qwen2, and what llama.cpp calls them."""


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True, help="what it was trained on")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", default="Samantha")
    arguments = parser.parse_args()
    kept = torch.load(arguments.adapter)
    write(
        arguments.out,
        kept["adapter"],
        kept["shape"],
        read_architecture(arguments.weights),
        arguments.name,
    )
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB")


def read_architecture(weights: Path) -> str:
    """Return what llama.cpp calls the kind of model in a GGUF file."""
    field = gguf.GGUFReader(weights).get_field(gguf.Keys.General.ARCHITECTURE)
    if field is None:
        raise ValueError(f"{weights} does not say what kind of model it holds.")
    return str(field.contents())


def write(
    path: Path, adapter: dict[str, torch.Tensor], shape: dict[str, Any], kind: str, name: str
) -> None:
    """Write an adapter. Raises ValueError at a weight that has no name in llama.cpp."""
    writer = gguf.GGUFWriter(path, kind)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_name(name)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(shape["alpha"]))
    for key, each in adapter.items():
        writer.add_tensor(rename(key), each.to(torch.float16).numpy().astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def rename(key: str) -> str:
    """Return what llama.cpp calls a matrix of an adapter of peft."""
    found = _NAME.search(key)
    if found is None or found[2] not in _PARTS:
        raise ValueError(f"llama.cpp has no name for {key}.")
    return f"blk.{found[1]}.{_PARTS[found[2]]}.weight.lora_{found[3].lower()}"


if __name__ == "__main__":
    main()
