"""A download in a process of its own, which can be ended at any moment."""

import asyncio
import contextlib
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping, Sequence

_PROGRESS = re.compile(rb"Progress (\d+) of \d+")

_NO_PATH = (
    r"NewConnection|NameResolution|ConnectTimeout|ProxyError|ConnectError|LocalEntryNotFound"
    r"|Connection refused|unreachable|Temporary failure"
)
_NO_TRUST = r"CERTIFICATE_VERIFY|SSLError|SSLCert|the ssl certificate"
_NO_LOGIN = r"error 40[13]|40[13] Client Error|Unauthorized|Forbidden|GatedRepo"
_BROKEN = r"incomplete|IncompleteRead|Connection broken|RemoteProtocolError|timed out|Timeout"
_REASONS = (
    (r"No module named pip\b", "pip is missing beside Companion; install Companion again"),
    (r"No space left", "the disk is full; make room"),
    (_NO_TRUST, "the certificate of the server is not trusted here"),
    (_NO_LOGIN, "the server wants a login that we lack"),
    (_NO_PATH, "no connection came about; check the network and the proxy"),
    (_BROKEN, "the connection broke off"),
    (r"No matching distribution|error 404|NotFound", "it is not to be had from there"),
)


class DownloadFailedError(Exception):
    """A download ended badly; ``str`` is the reason in a few words."""


async def run_download(
    arguments: Sequence[str], environ: Mapping[str, str], came: Callable[[int], None]
) -> None:
    """Run Python with ``arguments`` and report the bytes that it says have come.

    The process is killed if we are cancelled. Raises ``DownloadFailedError``.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        *arguments,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env=environ,
        start_new_session=True,
    )
    assert process.stdout
    assert process.stderr
    try:
        errors, _ = await asyncio.gather(process.stderr.read(), _follow(process.stdout, came))
        await process.wait()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        raise DownloadFailedError(explain(errors.decode(errors="replace")))


async def _follow(lines: asyncio.StreamReader, came: Callable[[int], None]) -> None:
    async for line in lines:
        if told := _PROGRESS.search(line):
            came(int(told[1]))


def explain(errors: str) -> str:
    """Return why a download failed, in a few words, from what its process complained of."""
    for pattern, reason in _REASONS:
        if re.search(pattern, errors):
            return reason
    said = [line.strip() for line in errors.splitlines() if line.strip()]
    return said[-1].removeprefix("ERROR: ") if said else "the download ended without a word"
