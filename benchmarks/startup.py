"""Time to the first painted frame: ``companion`` beside a bare Textual application.

Whole processes in a pseudo-terminal, alternately, each with a home of its own. A
frame counts as painted when the first letters stand on the alternate screen.

    uv run python benchmarks/startup.py [--runs 15] [--json]
"""

import argparse
import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path

from companion.cli.output import print_json, print_notice, print_table

BARE = """
from textual.app import App
from textual.widgets import Static

class Hello(App):
    def compose(self):
        yield Static("Hello, world.")

Hello().run()
"""
ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[P\]_^].*?(?:\x1b\\|\x07)|.)", re.DOTALL)
ALTERNATE_SCREEN = b"\x1b[?1049h"
LETTERS = re.compile(rb"[A-Za-z]{3}")
LONGEST_SECONDS = 30.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    ours = [sys.executable, "-m", "companion"]
    bare = [sys.executable, "-c", BARE]
    measure(ours)  # the first run of all writes bytecode and fills the disk's cache
    pairs = [(measure(ours), measure(bare)) for _ in range(arguments.runs)]
    result = {
        "runs": arguments.runs,
        "companion_median": statistics.median(pair[0] for pair in pairs),
        "bare_median": statistics.median(pair[1] for pair in pairs),
        "ratio_median": statistics.median(one / other for one, other in pairs),
    }
    if arguments.json:
        print_json(result)
        return
    rows = [(f"{one:.3f}", f"{other:.3f}", f"{one / other:.2f}") for one, other in pairs]
    print_table(("companion (s)", "bare (s)", "ratio"), rows)
    print_notice(f"median ratio: {result['ratio_median']:.2f}")


def measure(command: Sequence[str]) -> float:
    """Return the seconds from the start of the process to its first painted frame."""
    with tempfile.TemporaryDirectory() as home:
        main_end, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environ = {**os.environ, "COMPANION_HOME": str(Path(home)), "TERM": "xterm-256color"}
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=environ,
            start_new_session=True,
        )
        try:
            return wait_for_frame(main_end) - started
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            os.close(terminal)
            os.close(main_end)


def wait_for_frame(main_end: int) -> float:
    """Return the moment at which letters appear on the alternate screen."""
    output = b""
    deadline = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < deadline:
        if not select.select([main_end], [], [], 0.1)[0]:
            continue
        output += os.read(main_end, 65536)
        moment = time.monotonic()
        _, switched, painted = output.partition(ALTERNATE_SCREEN)
        if switched and LETTERS.search(ESCAPES.sub(b"", painted)):
            return moment
    raise SystemExit(f"No frame within {LONGEST_SECONDS:.0f} s; it said: {output[-500:]!r}")


if __name__ == "__main__":
    main()
