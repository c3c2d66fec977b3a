"""What Companion costs where it is installed and idle.

Megabytes on disk in an environment of its own (with and without the embedded
engine), resident memory of the idle chat beside a bare Textual application, and CPU
seconds of ``companion --help``.

    uv run python benchmarks/footprint.py [--json]
"""

import argparse
import os
import pty
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from startup import BARE

from companion.cli.output import print_json, print_table

ROOT = Path(__file__).parents[1]
IDLE_SECONDS = 8.0
MB = 1_000_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    whole, engine = installed_size()
    result = {
        "installed_mb": whole,
        "installed_without_engine_mb": whole - engine,
        "idle_mb": idle_memory([sys.executable, "-m", "companion"]),
        "idle_bare_textual_mb": idle_memory([sys.executable, "-c", BARE]),
        "help_cpu_seconds": cpu_seconds([sys.executable, "-m", "companion", "--help"]),
    }
    if arguments.json:
        print_json(result)
    else:
        print_table(("figure", "value"), [(key, f"{value:.2f}") for key, value in result.items()])


def installed_size() -> tuple[float, float]:
    """Return megabytes of an environment without development tools, and of the engine."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "UV_PROJECT_ENVIRONMENT": folder, "UV_COMPILE_BYTECODE": "1"}
        environ.pop("VIRTUAL_ENV", None)
        command = ["uv", "sync", "--quiet", "--no-dev", "--no-editable", "--link-mode=copy"]
        subprocess.run(command, cwd=ROOT, env=environ, check=True)
        engine = sum(size(found) for found in Path(folder).rglob("xllamacpp*") if found.is_dir())
        return size(Path(folder)), engine


def size(folder: Path) -> float:
    """Return the megabytes of all files below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / MB


def idle_memory(command: Sequence[str]) -> float:
    """Return resident megabytes of a program that waits in a terminal."""
    with tempfile.TemporaryDirectory() as home:
        # As after the first start, which asks for the age.
        (Path(home) / "config").mkdir()
        (Path(home) / "config/settings.toml").write_text('[safety]\nage = "adult"\n')
        main_end, terminal = pty.openpty()
        process = subprocess.Popen(
            command,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env={**os.environ, "COMPANION_HOME": home, "TERM": "xterm-256color"},
            start_new_session=True,
        )
        threading.Thread(target=drain, args=(main_end,), daemon=True).start()
        time.sleep(IDLE_SECONDS)
        resident = float(psutil.Process(process.pid).memory_info().rss)
        process.kill()
        process.wait()
        os.close(terminal)
    return resident / MB


def drain(main_end: int) -> None:
    """Read what the program paints, as a terminal would."""
    try:
        while os.read(main_end, 65536):
            pass
    except OSError:
        os.close(main_end)


def cpu_seconds(command: Sequence[str]) -> float:
    """Return the CPU seconds of a command, the least of five runs."""
    runs = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        runs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(runs)


if __name__ == "__main__":
    main()
