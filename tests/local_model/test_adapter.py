"""An adapter in front of a real model: it changes how the model talks, or says why not."""

from pathlib import Path

import gguf
import numpy as np
import pytest

from companion.domain.errors import ModelError
from companion.local_model.catalogue import find_entry
from companion.local_model.engine import EmbeddedEngine
from real_model import PREFIX, REAL_MODEL, ask

ENTRY = find_entry(REAL_MODEL)
INPUTS, OUTPUTS, RANK = 1536, 576, 4
"""The shape of the last matrix of a layer of the test's model, and of what is put beside it."""


def write_adapter(path: Path, size: float, outputs: int = OUTPUTS) -> Path:
    """Write an adapter that stirs the last layer by about ``size``."""
    chance = np.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, RANK)
    for name, shape in (("a", (RANK, INPUTS)), ("b", (outputs, RANK))):
        matrix = (chance.standard_normal(shape) * size).astype(np.float32)
        writer.add_tensor(f"blk.29.ffn_down.weight.lora_{name}", matrix)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


async def first_words(models: Path, folder: Path, adapter: Path | None) -> str:
    engine = EmbeddedEngine(ENTRY, models, folder / "log", adapter=adapter)
    try:
        answer = ask(await engine.start())
    finally:
        await engine.stop()
    return str(answer["choices"][0]["message"]["content"])


async def test_an_adapter_changes_what_is_said(real_models: Path, tmp_path: Path) -> None:
    plain = await first_words(real_models, tmp_path, None)
    loud, silent = tmp_path / "loud.gguf", tmp_path / "silent.gguf"
    assert await first_words(real_models, tmp_path, write_adapter(loud, 3.0)) != plain
    assert await first_words(real_models, tmp_path, write_adapter(silent, 0.0)) == plain


async def test_what_was_read_ahead_is_not_shared(real_models: Path, tmp_path: Path) -> None:
    for adapter in (None, write_adapter(tmp_path / "own.gguf", 0.1)):
        engine = EmbeddedEngine(ENTRY, real_models, tmp_path / "log", adapter=adapter)
        await engine.start()
        await engine.warm(PREFIX)
        await engine.stop()
    assert len([*(tmp_path / "prefixes").iterdir()]) == 2


async def test_an_adapter_that_is_not_there(real_models: Path, tmp_path: Path) -> None:
    engine = EmbeddedEngine(ENTRY, real_models, tmp_path / "log", adapter=tmp_path / "x.gguf")
    with pytest.raises(ModelError, match=r"There is no adapter .*go without one"):
        await engine.start()


async def test_an_adapter_of_another_model(real_models: Path, tmp_path: Path) -> None:
    other = write_adapter(tmp_path / "other.gguf", 1.0, outputs=OUTPUTS + 32)
    engine = EmbeddedEngine(ENTRY, real_models, tmp_path / "log", adapter=other)
    with pytest.raises(ModelError, match=r"does not load with other\.gguf.*go without one"):
        await engine.start()
