"""``companion history``: what was said."""

from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.opening import with_companion
from companion.cli.output import JsonFlag, print_json, print_table
from companion.safety.sanitise import unmask_links

if TYPE_CHECKING:
    from companion.conversation.companion import Companion

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
    """Erase a conversation; nothing of it is kept."""
    with_companion(lambda companion: _delete(companion, number, yes))


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
    if not yes and not typer.confirm(f"Erase conversation {number} for good?"):
        typer.echo("It stays.")
        return
    await companion.delete(number)
    typer.echo(f"Conversation {number} is erased.")
