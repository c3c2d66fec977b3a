"""Weights that come from a model hub, through ``huggingface_hub``.

The library cannot be stopped in the middle and is slow to import, so it works in
a process of its own: ``python -m companion.local_model.hub_download``. The
user's ``HF_ENDPOINT``, token and proxy hold there. A download that was broken off
by the end of the process starts anew; a lost connection is taken up again.
"""

import os
import shutil
import sys
from pathlib import Path

from companion.local_model.catalogue import HubSource
from companion.local_model.download_process import run_download
from companion.local_model.progress import Progress
from companion.local_model.weights import Weights


async def download_from_hub(source: HubSource, weights: Weights, progress: Progress) -> Path:
    """Bring the file and return where it lies, unverified. Raises ``DownloadFailedError``."""
    shutil.rmtree(weights.pieces, ignore_errors=True)
    weights.pieces.mkdir()
    wanted = (source.repo, source.file, source.revision, str(weights.pieces))
    try:
        await run_download(
            ["-m", "companion.local_model.hub_download", *wanted],
            os.environ,
            lambda done: progress.coming(source.file, done),
        )
        return (weights.pieces / source.file).replace(weights.partial)
    finally:
        progress.arrived(source.file)
        shutil.rmtree(weights.pieces, ignore_errors=True)


def main(repo: str, file: str, revision: str, folder: str) -> None:
    """Download ``file`` into ``folder``, writing ``Progress N of M`` lines to stdout."""
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError
    from huggingface_hub.utils.tqdm import tqdm

    class Told(tqdm):
        came = 0

        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **{**kwargs, "disable": True})  # type: ignore[no-untyped-call]

        def update(self, n: float | None = 1) -> bool | None:
            self.came += int(n or 0)
            sys.stdout.write(f"Progress {self.came} of {self.total}\n")
            sys.stdout.flush()
            return None

    try:
        hf_hub_download(repo, file, revision=revision, local_dir=folder, tqdm_class=Told)
    except (HfHubHTTPError, OSError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
