"""Where the passphrase of a locked database comes from."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from getpass import getpass
from pathlib import Path

from companion.domain.errors import CompanionError, KeyringError, SettingsError
from companion.protocols.secrets import SecretShelf

_TRIES = 3
_NO_TEXT = "What you gave is not UTF-8 text. Nothing was changed; try again."
VARIABLE, FILE_VARIABLE = "COMPANION_PASSPHRASE", "COMPANION_PASSPHRASE_FILE"


def name_secret(database: Path) -> str:
    """Return the name under which the keyring has the passphrase of a database."""
    return f"database {database}"


def find_passphrases(
    environ: Mapping[str, str],
    database: Path,
    keyring: SecretShelf,
    ask: Callable[[], Iterable[str]],
) -> Iterator[str]:
    """Yield what may open the database, one after the other, as long as none did.

    What the environment says takes the place of what the keyring has. Raises
    ``SettingsError`` for a variable that is no text or a file that cannot be read.
    """
    if given := environ.get(VARIABLE):
        yield _check_variable(given)
    elif file := environ.get(FILE_VARIABLE):
        yield _read_line(Path(file).expanduser())
    elif kept := _look_up(keyring, database):
        yield kept
    yield from ask()


def ask_in_terminal() -> Iterator[str]:
    """Ask for the passphrase where somebody can answer, three times at most."""
    if not sys.stderr.isatty():
        return
    for number in range(_TRIES):
        question = "That is not it. Once more: " if number else "Passphrase: "
        try:
            answer = ask_secret(question)
        except EOFError:
            return
        if not answer:
            return
        yield answer


def ask_secret(question: str) -> str:
    """Ask in the terminal without showing what is typed.

    Raises ``EOFError`` where nobody answers, ``CompanionError`` for bytes that are no text.
    """
    try:
        answer = getpass(question, stream=sys.stderr)
        answer.encode()
    except UnicodeError:
        raise CompanionError(_NO_TEXT) from None
    return answer


def read_piped_secret() -> str:
    """Read a line of standard input. Raises ``CompanionError`` for bytes that are no text."""
    try:
        return sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise CompanionError(_NO_TEXT) from None


def _check_variable(given: str) -> str:
    try:
        given.encode()
    except UnicodeEncodeError:
        raise SettingsError(f"{VARIABLE} is not UTF-8 text. Correct it or take it away.") from None
    return given


def _read_line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").split("\n")[0].removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(
            f"{file} cannot be read: {reason}. Correct {FILE_VARIABLE} or take it away."
        ) from None


def _look_up(keyring: SecretShelf, database: Path) -> str | None:
    try:
        return keyring.get(name_secret(database))
    except KeyringError:
        # Most people have none; then they are asked.
        return None
