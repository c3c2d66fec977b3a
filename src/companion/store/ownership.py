"""Whose the files are, and who may read them."""

import os
from collections.abc import Iterable
from pathlib import Path

from companion.domain.errors import StoreError

_OTHERS = 0o077


def keep_to_user(paths: Iterable[Path]) -> None:
    """Take the rights of others away from folders and files of the user that are there.

    What is in a folder is looked at as well, but not what is in folders in it, and not what
    a link in it leads to: that lies somewhere else on purpose. Raises
    ``StoreError`` if one of them belongs to somebody else. Where a system knows no owners,
    nothing happens.
    """
    if os.name != "posix":
        return
    for path in paths:
        try:
            _keep(path)
            for each in _list_files(path):
                _keep(each)
        except OSError as error:
            raise StoreError(
                f"{path} cannot be kept from others ({error.strerror}). "
                "Make it yours, or set COMPANION_HOME to another folder."
            ) from error


def _list_files(path: Path) -> list[Path]:
    if not path.is_dir():
        return []
    return [each for each in path.iterdir() if each.is_file() and not each.is_symlink()]


def _keep(path: Path) -> None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return
    if found.st_uid != os.geteuid():
        raise StoreError(
            f"{path} belongs to somebody else. Your words are kept only in files of your own: "
            "make it yours, or set COMPANION_HOME to another folder."
        )
    if found.st_mode & _OTHERS:
        path.chmod(found.st_mode & ~_OTHERS & 0o7777)
