"""``companion history``: what was said."""

from asyncio import to_thread
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from companion.cli.opening import with_companion
from companion.cli.output import JsonFlag, print_json, print_table
from companion.domain.errors import CompanionError
from companion.safety.sanitise import escape_harmful, unmask_links

if TYPE_CHECKING:
    from companion.conversation.companion import Companion
    from companion.domain.session import Session

app = typer.Typer(help="List and read your conversations.")
Number = Annotated[int, typer.Argument(help="A conversation's number.")]


@app.callback(invoke_without_command=True)
def begin(context: typer.Context) -> None:
    """List them, if nothing else is asked for."""
    if context.invoked_subcommand is None:
        list_conversations()


@app.command("list")
def list_conversations(as_json: JsonFlag = False) -> None:
    """List the conversations, the latest first."""
    with_companion(lambda companion: _list(companion, as_json))


@app.command("show")
def show(number: Number, as_json: JsonFlag = False) -> None:
    """Print a conversation."""
    with_companion(lambda companion: _show(companion, number, as_json))


@app.command("delete")
def delete(
    number: Number,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
) -> None:
    """Erase a conversation; nothing of it is kept, nor are backups made before."""
    with_companion(lambda companion: _delete(companion, number, yes))


@app.command("export")
def export(
    out: Annotated[Path, typer.Option(help="The file to write, or - to print.")],
    number: Annotated[
        int | None, typer.Argument(help="A conversation's number; the latest by default.")
    ] = None,
    form: Annotated[
        Literal["session"], typer.Option("--format", help="session: to be replayed.")
    ] = "session",
    past: Annotated[
        bool,
        typer.Option(
            help="Also what was known before it began, so that a replay comes out the same."
        ),
    ] = True,
    redact: Annotated[
        bool,
        typer.Option(
            "--redact",
            help="Replace names, numbers and addresses, the same everywhere, and leave out "
            "what was known before. Whether you are under 18 stays: it shapes every prompt.",
        ),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over a file that is there.")
    ] = False,
) -> None:
    """Write a conversation as a file that companion replay can play again.

    The file is not encrypted. It holds all that was said and, unless you leave it out, all
    that was known before.
    """
    with_past = past and not redact
    with_companion(lambda companion: _export(companion, out, number, with_past, redact, replace))


async def _export(
    companion: "Companion",
    out: Path,
    number: int | None,
    with_past: bool,
    redact: bool,
    replace: bool,
) -> None:
    from companion.portable.session_file import write_session_file
    from companion.portable.session_lines import write_session

    latest = await companion.conversations(limit=1) if number is None else []
    if number is None and not latest:
        raise CompanionError("There is no conversation yet. companion opens one.")
    session = await companion.session(number or latest[0].id, with_past=with_past)
    if redact:
        session = await to_thread(_redact, session)
    if str(out) == "-":
        for line in write_session(session):
            typer.echo(escape_harmful(line), nl=False)
        return
    write_session_file(out, session, replace=replace)
    typer.echo(f"Wrote {out}.")


def _redact(session: "Session") -> "Session":
    from companion.portable.redacting import redact
    from companion.replay.recorded import compute

    # What was judged and told quotes the names: it is judged and told anew.
    return compute(redact(session))


async def _list(companion: "Companion", as_json: bool) -> None:
    found = await companion.conversations()
    if as_json:
        print_json(
            [
                {
                    "id": item.id,
                    "title": item.title,
                    "persona": item.persona,
                    "created_at": item.created_at.isoformat(),
                    "updated_at": item.updated_at.isoformat(),
                    "messages": item.messages,
                }
                for item in found
            ]
        )
        return
    print_table(
        ("number", "last used", "messages", "title"),
        [
            (
                str(item.id),
                f"{item.updated_at.astimezone():%Y-%m-%d %H:%M}",
                str(item.messages),
                item.title or "(nothing said yet)",
            )
            for item in found
        ],
    )


async def _show(companion: "Companion", number: int, as_json: bool) -> None:
    conversation = await companion.open(number)
    messages = await conversation.history(limit=-1)
    if as_json:
        print_json(
            [
                {
                    "id": item.id,
                    "role": item.role.value,
                    "text": item.text,
                    "status": item.status.value,
                    "created_at": item.created_at.isoformat(),
                    "backend": item.backend,
                    "model": item.model,
                }
                for item in messages
            ]
        )
        return
    names = {"user": "You", "assistant": companion.persona.name}
    for item in messages:
        typer.echo(f"{names[item.role]} ({item.created_at.astimezone():%Y-%m-%d %H:%M})")
        words = unmask_links(item.text) or f"(no answer: {item.error or item.status})"
        typer.echo(f"{words}\n")


async def _delete(companion: "Companion", number: int, yes: bool) -> None:
    await companion.open(number)
    if not yes and not typer.confirm(
        f"Erase conversation {number} for good, and the backups, which have it?"
    ):
        typer.echo("It stays.")
        return
    await companion.delete(number)
    typer.echo(f"Conversation {number} is erased.")
