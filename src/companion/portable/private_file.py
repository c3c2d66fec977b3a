"""Writing a file for the user's eyes only, whole or not at all."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from companion.domain.errors import CompanionError


def write_private(
    path: Path, pieces: Iterable[str | bytes], *, replace: bool = False, option: str = "--to"
) -> None:
    """Write text or bytes under ``path`` once it is complete, with mode 0600.

    ``option`` is that of the command which names the file. Raises ``CompanionError`` where
    a file of that name is there, unless ``replace``, or where it cannot be written.
    """
    if not replace:
        refuse_overwriting(path, option)
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _refused(path, error, option) from error
    try:
        with open(number, "wb") as file:
            file.writelines(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except OSError as error:
        raise _refused(path, error, option) from error
    finally:
        Path(name).unlink(missing_ok=True)


def refuse_overwriting(path: Path, option: str = "--to") -> None:
    """Raise ``CompanionError`` where a file is there."""
    if path.exists():
        raise CompanionError(
            f"{path} is there already. Choose another name with {option}, or add --replace."
        )


def _refused(path: Path, error: OSError, option: str) -> CompanionError:
    return CompanionError(
        f"{path} cannot be written ({error.strerror}). Choose another place with {option}."
    )
