"""``companion lock``: a passphrase for all that is kept."""

from typing import TYPE_CHECKING
from unicodedata import normalize

import typer

from companion.cli.input import read_secret
from companion.cli.output import JsonFlag, count, print_json, print_notice
from companion.domain.errors import CompanionError, KeyringError, StoreError
from companion.domain.locking import Relocked

if TYPE_CHECKING:
    from companion.installation import Installation
    from companion.protocols.lock import Lock

_SHORTEST = 8
_BEFORE = (
    "Whoever forgets the passphrase loses everything: nobody can open it without. "
    "A few words that belong together only for you are best."
)
_DAMAGED = (
    "The folder backups has {copies} of a damaged database, out of which more could perhaps be "
    "saved. What cannot be locked is overwritten and removed: to keep it, stop here and move it "
    "elsewhere first."
)
_SHORT = f"That is too short: take {_SHORTEST} characters or more. Nothing was changed."
_NOT_LOCKED = "Nothing is locked. companion lock on does it."

app = typer.Typer(help="Lock all that is kept with a passphrase.")


@app.callback(invoke_without_command=True)
def begin(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Say whether it is locked, if nothing else is asked for."""
    if context.invoked_subcommand is None:
        _tell_state(as_json)


@app.command("on")
def lock() -> None:
    """Lock the database and its backups. Asks for a passphrase, twice.

    In a pipe the first line of standard input is the passphrase.
    """
    from companion.assembly import open_lock
    from companion.installation import read_installation

    held = open_lock(read_installation())
    if held.is_locked():
        raise StoreError("It is locked already. companion lock change takes another passphrase.")
    print_notice(_BEFORE)
    if damaged := held.count_damaged():
        print_notice(_DAMAGED.format(copies=count(damaged, "copy", "copies")))
    changed = held.change(_read_new())
    typer.echo(f"Locked{_say_copies(changed)}. The chat asks for the passphrase from now on.")
    _tell_rest(changed)
    print_notice("Exports, and copies that you put elsewhere, are as they were.")


@app.command("change")
def change() -> None:
    """Take another passphrase, for the database and its backups."""
    installation, held = _open_locked()
    held.verify()
    passphrase = _read_new()
    changed = held.change(passphrase)
    typer.echo(f"The new passphrase holds{_say_copies(changed)}.")
    _tell_rest(changed)
    if _is_remembered(installation):
        installation.keyring.put(_name(installation), passphrase)
        typer.echo("The keyring has the new one, too.")
    print_notice("Copies that you put elsewhere still open with the old passphrase.")


@app.command("off")
def unlock() -> None:
    """Open the database and its backups for good: no passphrase any more."""
    installation, held = _open_locked()
    changed = held.change("")
    typer.echo(f"Open{_say_copies(changed)}. Whoever can read the file can read it all.")
    _tell_rest(changed)
    if _is_remembered(installation):
        installation.keyring.remove(_name(installation))


@app.command("remember")
def remember() -> None:
    """Keep the passphrase in the keyring of the system, so that nobody is asked for it."""
    installation, held = _open_locked()
    held.verify()
    installation.keyring.put(_name(installation), installation.keys.known[0])
    typer.echo("The keyring has the passphrase. Whoever opens your account opens her, too.")


@app.command("forget")
def forget() -> None:
    """Take the passphrase out of the keyring; it is asked for again."""
    from companion.installation import read_installation

    installation = read_installation()
    if not installation.keyring.remove(_name(installation)):
        raise StoreError("The keyring has no passphrase of this database.")
    typer.echo("The keyring has it no more. The passphrase is asked for from now on.")


def _tell_state(as_json: bool) -> None:
    from companion.assembly import open_lock
    from companion.installation import read_installation

    installation = read_installation()
    locked = open_lock(installation).is_locked()
    remembered = locked and _is_remembered(installation)
    if as_json:
        print_json({"locked": locked, "remembered": remembered})
    elif not locked:
        typer.echo(_NOT_LOCKED)
    else:
        typer.echo(f"Locked. The passphrase is {'' if remembered else 'not '}in the keyring.")


def _open_locked() -> "tuple[Installation, Lock]":
    from companion.assembly import open_lock
    from companion.installation import read_installation

    installation = read_installation()
    held = open_lock(installation)
    if not held.is_locked():
        raise StoreError(_NOT_LOCKED)
    return installation, held


def _read_new() -> str:
    # Keyboards differ in how they write an accent; the lock has one way.
    passphrase = normalize("NFC", read_secret("New passphrase: ", "Once more: "))
    if len(passphrase) < _SHORTEST:
        raise CompanionError(_SHORT)
    return passphrase


def _name(installation: "Installation") -> str:
    from companion.passphrases import name_secret

    return name_secret(installation.locations.database)


def _is_remembered(installation: "Installation") -> bool:
    try:
        return installation.keyring.get(_name(installation)) is not None
    except KeyringError:
        return False


def _say_copies(changed: Relocked) -> str:
    if not changed.copies:
        return ""
    return f", with {count(changed.copies, 'backup')}"


def _tell_rest(changed: Relocked) -> None:
    if changed.removed:
        removed = count(changed.removed, "damaged copy", "damaged copies")
        print_notice(f"Overwritten and removed, for it could not be locked: {removed}.")
    if changed.left:
        left = count(changed.left, "backup")
        print_notice(f"Left as it was, with another passphrase: {left}.")
    if changed.broken:
        broken = count(changed.broken, "damaged copy", "damaged copies")
        print_notice(f"Left as it was, locked with the passphrase it had: {broken}.")
