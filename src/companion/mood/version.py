"""Which mood model this is."""

import hashlib
from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("data")


@cache
def hash_mood_model() -> str:
    """Return the SHA-256 of the files that moods are judged by, hexadecimal."""
    digest = hashlib.sha256()
    for path in sorted(_DATA.glob("*.npz")) + sorted(_DATA.glob("*.toml")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
