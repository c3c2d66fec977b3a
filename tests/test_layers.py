"""The architecture and the style, checked by the tools that know them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTHON = Path(sys.executable)


@pytest.mark.parametrize(
    "command",
    [
        ["lint-imports"],
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
    ],
    ids=lambda command: command[0] + ("-format" if "format" in command else ""),
)
def test_the_project_keeps_its_own_rules(command: list[str]) -> None:
    tool = PYTHON.with_name(command[0])
    result = subprocess.run(
        [tool, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        (
            "companion.cli.main",
            {"textual", "openai", "numpy", "sqlite_utils", "xllamacpp", "starlette", "uvicorn"},
        ),
        ("companion.tui.app", {"openai", "numpy", "sqlite_utils", "xllamacpp", "pydantic"}),
        ("companion.tui.moods", {"numpy", "textual_plot", "textual_hires_canvas"}),
        ("companion.store.database", {"numpy"}),
        ("companion.assembly", {"textual", "openai", "numpy", "sqlite_utils", "xllamacpp"}),
    ],
)
def test_what_is_heavy_is_loaded_when_it_is_needed(module: str, absent: set[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    result = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=True)
    assert not absent & set(result.stdout.split())
