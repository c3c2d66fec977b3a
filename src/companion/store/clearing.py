"""Removing files, and leaving nothing of them on the disk as far as that can be had."""

import os
import shutil
from pathlib import Path

_CHUNK_BYTES = 1 << 20


def remove(path: Path) -> None:
    """Remove a file, or all that a folder holds. Raises ``OSError``."""
    if path.is_dir():
        for each in path.iterdir():
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            else:
                each.unlink()
    else:
        path.unlink(missing_ok=True)


def wipe(path: Path) -> None:
    """Overwrite and remove a file, or all that a folder holds. Raises ``OSError``."""
    for each in (path, *path.rglob("*")):
        # What a link leads to is not ours.
        if each.is_file() and not each.is_symlink():
            file = os.open(each, os.O_RDWR)
            try:
                overwrite(file)
            finally:
                os.close(file)
    remove(path)


def overwrite(file: int) -> None:
    """Write zeros over all of an open file, onto the disk. Raises ``OSError``."""
    size = os.fstat(file).st_size
    for begin in range(0, size, _CHUNK_BYTES):
        os.pwrite(file, bytes(min(_CHUNK_BYTES, size - begin)), begin)
    os.fsync(file)
