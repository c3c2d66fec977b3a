"""Letting the user write in an editor of their own."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from companion.domain.errors import CompanionError
from companion.locations import make_private

_USUAL = "notepad" if os.name == "nt" else "vi"


def write_in_editor(text: str, folder: Path) -> str:
    """Open ``text`` in the user's editor and return what they saved.

    The file lies in ``folder``, for the user's eyes only, and only meanwhile. Raises
    ``CompanionError``.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or _USUAL
    try:
        make_private(folder)
        with tempfile.TemporaryDirectory(dir=folder) as private:
            file = Path(private, "plan.md")
            file.write_text(text, encoding="utf-8")
            done = subprocess.run([*shlex.split(editor), str(file)], check=False)
            if done.returncode:
                raise CompanionError(f"{editor} ended with an error. All is as it was before.")
            return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CompanionError(
            f"{editor} cannot be opened as an editor ({error}). Say which one in EDITOR."
        ) from None
