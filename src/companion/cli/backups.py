"""``companion backup`` and ``companion restore``."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from companion.cli.output import JsonFlag, format_bytes, print_json, print_table
from companion.domain.backups import Backup, Contents, Restoration
from companion.domain.errors import StoreError

_NONE = "There is no backup yet. companion backup makes one."
_QUESTION = "Put it in the place of what is here now?"


def backup(
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of yours; our own by default.")
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(min=1, max=1000, help="Remove all but this many of the backups there."),
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="Only list the backups there.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Copy all that is kept, checked, while the chat may go on. It holds all that you said.

    The chat does this by itself once a day.
    """
    from companion.assembly import open_backups
    from companion.installation import read_installation
    from companion.system_clock import SystemClock

    installation = read_installation()
    backups = open_backups(installation)
    if show:
        _list(backups.kept(to), as_json)
        return
    made = backups.make(SystemClock().now(), to)
    if made is None:
        raise StoreError("There is nothing to back up yet: nothing was said.")
    if keep or to is None:
        backups.prune(keep or installation.settings.backups.keep, made)
    if as_json:
        print_json(_backup_object(made))
    else:
        typer.echo(f"Copied and checked: {made.path} ({format_bytes(made.size_bytes)}).")


def restore(
    file: Annotated[
        Path | None, typer.Argument(help="A backup; the latest of our own by default.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Bring a backup back. Says first what will change; the present file is kept beside.

    companion backup --list shows the backups that there are.
    """
    from companion.assembly import open_backups, open_rescue
    from companion.installation import read_installation

    installation = read_installation()
    rescue = open_rescue(installation)
    change = open_backups(installation).compare(file) if file else rescue.find()
    if change is None:
        raise StoreError(_NONE)
    if not as_json:
        _show(change)
    if not yes and not typer.confirm(_QUESTION, err=True):
        typer.echo("Everything stays as it is.", err=True)
        return
    aside = rescue.restore(change.file)
    if as_json:
        print_json(_restoration_object(change, aside))
        return
    typer.echo("Restored.")
    if aside:
        typer.echo(f"What was here is kept as {aside}.")


def _list(found: list[Backup], as_json: bool) -> None:
    if as_json:
        print_json([_backup_object(each) for each in found])
    elif not found:
        typer.echo(_NONE)
    else:
        rows = [(_say(each.at), format_bytes(each.size_bytes), str(each.path)) for each in found]
        print_table(("made", "size", "file"), rows)


def _show(change: Restoration) -> None:
    typer.echo(f"Backup: {change.file}")
    if change.now is None:
        typer.echo("The present file is damaged." if change.damaged else "There is nothing here.")
    now, then = _count(change.now), _count(change.then)
    rows = [(name, now.get(name, "?"), then[name]) for name in then]
    print_table(("", "now", "in the backup"), rows)


def _count(contents: Contents | None) -> dict[str, str]:
    if contents is None:
        return {}
    return {
        "conversations": f"{contents.conversations:,}",
        "messages": f"{contents.messages:,}",
        "memories": f"{contents.memories:,}",
        "moods": f"{contents.moods:,}",
        "last message": _say(contents.until) if contents.until else "none",
    }


def _say(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def _backup_object(made: Backup) -> dict[str, Any]:
    return {"file": str(made.path), "at": made.at.isoformat(), "bytes": made.size_bytes}


def _restoration_object(change: Restoration, aside: Path | None) -> dict[str, Any]:
    return {
        "file": str(change.file),
        "damaged": change.damaged,
        "before": _contents_object(change.now),
        "after": _contents_object(change.then),
        "set_aside": str(aside) if aside else None,
    }


def _contents_object(contents: Contents | None) -> dict[str, Any] | None:
    if contents is None:
        return None
    return {
        "conversations": contents.conversations,
        "messages": contents.messages,
        "memories": contents.memories,
        "moods": contents.moods,
        "until": contents.until.isoformat() if contents.until else None,
    }
