"""Writes a student down as the package reads it, the same bytes each time."""

import io
import zipfile
from pathlib import Path

import numpy as np

from training.mood.student import Student

WHEN = (2020, 1, 1, 0, 0, 0)


def packed(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return rows as four-bit numbers, two in a byte, and the scale of each row."""
    scales = rounding(np.abs(weight).max(1), 7)
    whole = np.clip(np.round(weight / scales[:, None].astype(np.float32)), -7, 7) + 8
    whole = whole.astype(np.uint8)
    return whole[:, 0::2] | (whole[:, 1::2] << 4), scales


def whole(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a weight as bytes, and the scale of each column."""
    scales = rounding(np.abs(weight).max(0), 127)
    out = np.clip(np.round(weight / scales.astype(np.float32)), -127, 127)
    return out.astype(np.int8), scales


def rounding(most: np.ndarray, levels: int) -> np.ndarray:
    """Return scales as they are kept, as small floats."""
    return np.maximum((np.maximum(most, 1e-6) / levels).astype(np.float16), np.float16(1e-6))


def arrays(student: Student, calibration: np.ndarray, words: list[str]) -> dict[str, np.ndarray]:
    """Return all that is kept of a student, and the words that no network below it lends."""
    state = {name: value.numpy() for name, value in student.state_dict().items()}
    kept: dict[str, np.ndarray] = {"calibration": calibration.astype(np.float32)}
    kept["words"] = np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8)
    kept["vectors"], kept["vector_scales"] = packed(state["vectors"])
    kept["pieces"], kept["piece_scales"] = packed(state["pieces"])
    kept["shift"] = state["shift"].astype(np.float16)
    for name in ("conv", "dense", "out"):
        kept[name], kept[f"{name}_scales"] = whole(state[name])
        kept[f"{name}_bias"] = state[f"{name}_bias"].astype(np.float16)
    return kept


def write(kept: dict[str, np.ndarray], file: Path) -> None:
    """Write arrays as an npz with fixed times, so that equal arrays give equal bytes."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(kept):
            held = io.BytesIO()
            np.lib.format.write_array(held, np.ascontiguousarray(kept[name]), version=(1, 0))
            info = zipfile.ZipInfo(f"{name}.npy", WHEN)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, held.getvalue(), compresslevel=9)
