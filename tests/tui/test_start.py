"""What must not happen before the first frame."""

import subprocess
import sys

import pytest

_HEAVY = (
    *("openai", "numpy", "sqlite_utils", "xllamacpp", "pydantic"),
    *("rich.markdown", "markdown_it"),
)


@pytest.mark.parametrize("module", _HEAVY)
def test_the_screen_is_there_without(module: str) -> None:
    check = f"import sys, companion.tui.app; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
