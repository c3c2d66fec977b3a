"""The clock of the machine, in every kind of time zone that a machine can have."""

import os
import subprocess
import sys

import pytest

_ASK = """
from datetime import datetime, UTC
from companion.system_clock import SystemClock
now = SystemClock().now()
halves = (datetime(2026, month, 1, tzinfo=UTC).astimezone(now.tzinfo) for month in (1, 7))
print(*(half.utcoffset().total_seconds() / 3600 for half in halves))
print(now.utcoffset() == datetime.now().astimezone().utcoffset())
"""


@pytest.mark.parametrize(
    ("zone", "winter_and_summer"),
    [
        ("Europe/Berlin", "1.0 2.0"),
        ("America/New_York", "-5.0 -4.0"),
        ("UTC", "0.0 0.0"),
        ("UTC-9", "9.0 9.0"),
        ("Nowhere/Land", "0.0 0.0"),
        ("/no/such/file", "0.0 0.0"),
    ],
)
def test_a_clock_knows_both_halves_of_the_year(zone: str, winter_and_summer: str) -> None:
    result = subprocess.run(
        [sys.executable, "-W", "always", "-c", _ASK],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split("\n")[:2] == [winter_and_summer, "True"]
    assert result.stderr == ""
