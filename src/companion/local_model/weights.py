"""The files of one model on this machine."""

import contextlib
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from companion.domain.errors import ModelError
from companion.domain.preparation import ModelNeeded
from companion.local_model.catalogue import CatalogueEntry

if sys.platform != "win32":
    import fcntl


@dataclass(frozen=True, slots=True)
class Weights:
    """Where the weights of ``entry`` lie, or will lie, in the folder ``models``."""

    entry: CatalogueEntry
    models: Path

    @property
    def path(self) -> Path:
        """The whole, verified file."""
        return self._beside("gguf")

    @property
    def partial(self) -> Path:
        """What has come of it so far."""
        return self._beside("gguf.partial")

    @property
    def record(self) -> Path:
        """How much of ``partial`` is certain."""
        return self._beside("gguf.partial.json")

    @property
    def pieces(self) -> Path:
        """The folder of pieces that are on their way."""
        return self._beside("pieces")

    def is_present(self) -> bool:
        """Whether the whole file is here; its size tells, for its hash was checked once."""
        return self.path.is_file() and self.path.stat().st_size == self.entry.size_bytes

    def missing(self) -> ModelNeeded | None:
        """Return what would have to be fetched, or ``None`` if the file is here."""
        if self.is_present():
            return None
        entry = self.entry
        return ModelNeeded(entry.id, entry.title, entry.size_bytes, entry.licence)

    def remove(self) -> bool:
        """Delete the file and all that was fetched of it; tell whether there was any.

        Raises ``ModelError`` while it is being fetched.
        """
        if not self.models.is_dir():
            return False
        with self.held():
            files = [file for file in (self.path, self.partial, self.record) if file.exists()]
            for file in files:
                file.unlink()
            shutil.rmtree(self.pieces, ignore_errors=True)
        return bool(files)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from changing these files.

        Raises ``ModelError`` if one does already. Windows has no such lock; there
        the check of the hash is what remains.
        """
        with self._beside("lock").open("a") as file:
            if sys.platform != "win32":
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise ModelError(
                        f"{self.entry.title} is being fetched by another Companion. "
                        "Wait for it, or close it and try again."
                    ) from None
            yield

    def _beside(self, ending: str) -> Path:
        return self.models / f"{self.entry.id}.{ending}"
