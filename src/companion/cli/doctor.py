"""``companion doctor``: is everything in order, and if not, what to do."""

import asyncio
import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING

import typer

from companion.cli.output import JsonFlag, format_bytes, print_json
from companion.domain.errors import CompanionError

if TYPE_CHECKING:
    from companion.installation import Installation

_SPARE_BYTES = 500_000_000
_ENGINE_BYTES = 600_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: ``says`` is a line, with what to do where it is not ok."""

    check: str
    ok: bool
    says: str


def doctor(as_json: JsonFlag = False) -> None:
    """Check Python, disk, memory, database, terminal, prompts, models and backend."""
    findings = _examine()
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{'ok ' if finding.ok else 'NO '} {finding.check:<9} {finding.says}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _examine() -> list[Finding]:
    from companion.installation import read_installation

    findings = [_find("python", _check_python), _find("terminal", _check_terminal)]
    try:
        installation = read_installation()
    except CompanionError as error:
        return [*findings, Finding("settings", False, str(error))]
    findings.append(Finding("settings", True, str(installation.locations.settings_file)))
    checks = {
        "disk": _check_disk,
        "memory": _check_memory,
        "database": _check_database,
        "prompts": _check_prompts,
        "mood": _check_mood,
        "safety": _check_safety,
        "backend": _check_backend,
    }
    findings += [_find(name, partial(check, installation)) for name, check in checks.items()]
    return findings


def _find(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except (CompanionError, OSError) as error:
        return Finding(name, False, str(error))


def _check_python() -> str:
    return f"Python {platform.python_version()} at {sys.executable}"


def _check_terminal() -> str:
    if not sys.stdout.isatty():
        return "not a terminal; companion say works here, the chat does not"
    size = shutil.get_terminal_size()
    if size.columns < 40 or size.lines < 10:
        raise CompanionError(
            f"{size.columns} x {size.lines} is too small. Make the window at least 40 x 10."
        )
    colours = "no colour" if os.environ.get("NO_COLOR") else os.environ.get("COLORTERM", "basic")
    return f"{size.columns} x {size.lines}, {os.environ.get('TERM', 'unknown')}, {colours}"


def _check_disk(installation: "Installation") -> str:
    folder = installation.locations.data
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        raise CompanionError(
            f"{folder} cannot be written. Make it writable, or set COMPANION_HOME to another."
        )
    free = shutil.disk_usage(folder).free
    if free < _SPARE_BYTES:
        raise CompanionError(f"Only {format_bytes(free)} are free at {folder}. Make some room.")
    return f"{format_bytes(free)} free at {installation.locations.data}"


def _check_memory(installation: "Installation") -> str:
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError):
        return "this system does not say how much there is"
    needed = _memory_needed(installation)
    if total < needed:
        raise CompanionError(
            f"{format_bytes(total)} in all, but the model needs {format_bytes(needed)}. "
            "Choose a smaller one: companion models list"
        )
    needs = f"; the model needs {format_bytes(needed)}" if needed else ""
    return f"{format_bytes(free)} free of {format_bytes(total)}{needs}"


def _memory_needed(installation: "Installation") -> int:
    from companion.installation import make_backend
    from companion.local_model.catalogue import find_entry

    settings = installation.settings
    if settings.backend_table(settings.backend).get("kind") != "local":
        return 0
    return find_entry(make_backend(installation).model).size_bytes + _ENGINE_BYTES


def _check_database(installation: "Installation") -> str:
    path = installation.locations.database
    if not path.exists():
        return f"none yet; it will be {path}"
    from companion.assembly import open_lock, open_store

    locked = open_lock(installation).is_locked()
    store = open_store(installation)
    try:
        store.check()
    finally:
        store.close()
    return f"{path}, {format_bytes(path.stat().st_size)}, whole{', locked' if locked else ''}"


def _check_prompts(installation: "Installation") -> str:
    from companion.prompting.appraise import load_appraise_prompt
    from companion.prompting.check_ins import load_check_ins
    from companion.prompting.frame import load_reply_frame
    from companion.prompting.guidebook import load_guidebook
    from companion.prompting.minor import load_minor_words
    from companion.prompting.personas import load_persona

    loads = (load_reply_frame, load_guidebook, load_check_ins, load_appraise_prompt)
    for load in (*loads, load_minor_words):
        load(installation.prompts)
    persona = load_persona(installation.prompts, installation.settings.persona)
    return f"you talk with {persona.name}"


def _check_mood(_: "Installation") -> str:
    from companion.late import LateMoodReader

    LateMoodReader().load()
    return "the mood model is whole"


def _check_safety(installation: "Installation") -> str:
    from companion.prompting.crisis import load_crisis_book
    from companion.safety.classifier import load_classifier
    from companion.safety.helplines import find_country, list_countries

    load_crisis_book(installation.prompts)
    load_classifier()
    known = f"helplines of {len(list_countries())} countries"
    code = installation.settings.safety.country
    if not code:
        return f"{known}; yours is not said yet: companion safety country CODE"
    return f"{known}; yours is {code}, in danger: {find_country(code).emergency}"


def _check_backend(installation: "Installation") -> str:
    from companion.installation import make_backend

    async def check() -> str:
        backend = make_backend(installation)
        try:
            return f"{backend.name}: {await backend.check()}"
        finally:
            await backend.close()

    return asyncio.run(check())
