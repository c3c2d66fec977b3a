"""A session as a file for the user's eyes only."""

from datetime import datetime
from pathlib import Path

from companion.domain.session import Session
from companion.portable.private_file import write_private
from companion.portable.session_lines import write_session

ENDING = ".session.jsonl"


def write_session_file(path: Path, session: Session, *, replace: bool = False) -> None:
    """Write a session under ``path``. Raises ``CompanionError``."""
    write_private(path, write_session(session), replace=replace, option="--out")


def name_session_file(folder: Path, conversation_id: int, now: datetime) -> Path:
    """Return a name that is free in a folder: ``companion-3-2026-11-25.session.jsonl``."""
    stem = f"companion-{conversation_id}-{now:%Y-%m-%d}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    free = (path for name in names if not (path := folder / f"{name}{ENDING}").exists())
    return next(free)
